"""The first blob after an edit: the program as it is lowered, in small functions, nothing optimised.

What was emitted for some equations is used again as long as they and all that they name are as they were; the same
goes for everything around the equations. So an edit costs what it changes. The values are those of the optimised
blob to the last bit, which takes its place when there is time to make it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from typing import Any

from ..changing import replace
from ..ir import Do, For, Function, Set, Statement, Store, statements
from ..program import ERROR, Program
from .emit import Names, emit
from .module import Frame, assembled, frame

Body = tuple[Statement, ...]

GROUP = 16
"""Equations in a function: more cost the edit of one of them, fewer the engine that has to compile them all."""


_MOST = 100_000
"""Equations that are remembered at most."""


class _Noted(dict[str, int]):
    """Numbers by name, and which of them were asked for."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        super().__init__(numbers)
        self.asked: dict[str, int] = {}

    def __getitem__(self, name: str) -> int:
        found = self.asked[name] = super().__getitem__(name)
        return found


@dataclass(frozen=True, slots=True)
class _Emitted:
    """The code of some equations, and the addresses and function numbers in it."""

    group: tuple[Body, ...]
    code: bytes
    regions: Mapping[str, int]
    functions: Mapping[str, int]

    def fits(self, names: Names) -> bool:
        return all(names.regions.get(name) == at for name, at in self.regions.items()) and all(
            names.functions.get(name) == at for name, at in self.functions.items()
        )


@dataclass
class DraftMemo:
    """What is kept of one draft for the next. `made` counts the groups of equations that were emitted."""

    made: int = 0
    _emitted: dict[tuple[int, ...], _Emitted] = field(default_factory=dict)
    _framed: tuple[object, Frame] | None = None
    _plain: dict[int, tuple[Body, bool]] = field(default_factory=dict)

    def is_plain(self, body: Body) -> bool:
        found = self._plain.get(id(body))
        if found is None or found[0] is not body:
            if len(self._plain) > _MOST:
                self._plain.clear()
            found = self._plain[id(body)] = body, _is_plain(body)
        return found[1]

    def frame(self, program: Program, apart: Sequence[str]) -> Frame:
        """The functions around a program without equations of its own."""
        # Nodes are equal to themselves alone: what they print says what they are. The order of names counts too.
        settle, rest = repr(program.settle), replace(program, settle=Function("settle"))
        key = rest, settle, tuple(program.functions), tuple(program.tables), tuple(apart)
        if self._framed is None or self._framed[0] != key:
            self._framed = key, frame(program, apart)
        return self._framed[1]

    def codes(self, groups: Iterable[tuple[Body, ...]], names: Names) -> list[bytes]:
        """The code of groups of equations, each a function without parameters."""
        known, self._emitted = self._emitted, {}
        codes = []
        for group in groups:
            key = tuple(map(id, group))
            found = known.get(key)
            if found is None or not found.fits(names):
                found = self._emit(group, names)
            self._emitted[key] = found
            codes.append(found.code)
        return codes

    def _emit(self, group: tuple[Body, ...], names: Names) -> _Emitted:
        self.made += 1
        regions, functions = _Noted(names.regions), _Noted(names.functions)
        function = Function("", (), tuple(chain.from_iterable(group)))
        code = emit(function, replace(names, regions=regions, functions=functions))
        return _Emitted(group, code, regions.asked, functions.asked)


def draft(program: Program, bodies: Mapping[str, Sequence[Body]], memo: DraftMemo | None = None) -> bytes:
    """A blob of a program; `bodies` are its own functions' statements, equation by equation.

    What may fail or keeps rings stays in those functions, where what is around them looks for it.
    """
    memo = memo or DraftMemo()
    groups: dict[str, tuple[Body, ...]] = {}
    changed: dict[str, Any] = {}
    for function, parts in bodies.items():
        made: list[Statement] = []
        for is_plain, run in groupby(parts, key=memo.is_plain):
            together = tuple(run)
            if not is_plain:
                made.extend(chain.from_iterable(together))
                continue
            for first in range(0, len(together), GROUP):
                name = f"{function} {len(groups)}"
                groups[name] = together[first : first + GROUP]
                made.append(Do(name))
        changed[function] = Function(function, (), tuple(made))
    hollow = replace(
        program,
        name="",
        model="",
        defaults=(0.0,) * len(program.defaults),
        inputs=(),
        variables=(),
        dims={},
        **changed,
    )
    around = memo.frame(hollow, list(groups))
    return assembled(program, around, memo.codes(groups.values(), around.names))


def _is_plain(body: Body) -> bool:
    """Whether statements are an equation's: they write values and nothing else."""
    return all(
        isinstance(statement, Set | For) or (isinstance(statement, Store) and statement.offset != ERROR)
        for statement in statements(body)
    )

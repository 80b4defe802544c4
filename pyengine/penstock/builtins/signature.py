"""How the units of a built-in's arguments and its result relate, as its row says it in one line.

``a, time, a -> a`` has a specification for every parameter, then one for the result. A letter stands for any
units, the same wherever it stands; `time` for the units of time, ``1`` for none, ``*`` for anything. They
are combined as units are: ``a/time``, ``a^(1/2)``. ``a, n -> a^n`` is the one power: `n` is a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ..units import Product, read

ANYTHING = "*"
TIME = "time"


@dataclass(frozen=True, slots=True)
class Signature:
    """A specification is None for anything, else letters and `TIME` with powers. `power` is the position of the
    parameter that the first one is raised to."""

    params: tuple[Product | None, ...]
    result: Product | None
    power: int | None = None

    def param(self, position: int) -> Product | None:
        """That of an argument; the last one is for all that follow."""
        return self.params[min(position, len(self.params) - 1)]


@lru_cache(maxsize=1 << 10)
def signature(text: str) -> Signature:
    """The signature that a row's text says. An assertion fails where it does not say one."""
    left, arrow, right = text.partition("->")
    assert arrow, f"units of a built-in without an arrow: {text}"
    names = [name.strip() for name in left.split(",") if name.strip()]
    power = names.index("n") if "n" in names else None
    params = tuple(_specification("1" if name == "n" else name) for name in names)
    result = right.strip()
    if power is not None:
        assert result == f"{names[0]}^n", text
        return Signature(params, params[0], power)
    found = Signature(params, _specification(result))
    bound: set[str] = {TIME}
    for specification in (*params, found.result):
        letters = {name for name, _ in specification or ()}
        assert letters <= bound or specification == ((*letters, 1),), (
            f"{text} uses a letter before its argument"
        )
        bound |= letters
    return found


def _specification(text: str) -> Product | None:
    if text == ANYTHING:
        return None
    found = tuple((name, power) for name, power in read(text) if name != "1")
    assert all(name == TIME or len(name) == 1 for name, _ in found), text
    return found

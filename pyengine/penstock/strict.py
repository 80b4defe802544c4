"""Tables of a TOML file read strictly: every key is known, every value of its type, every error names its path."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .errors import PenstockError, error
from .passes.declare import did_you_mean

_MISSING: Any = object()


class Table:
    """A table and its path in the file. Each method takes a key out; `finish` refuses the keys that are left.

    A key without a default must be there. All raise PEN551 with the path of what is wrong.
    """

    def __init__(self, content: Mapping[str, Any], path: str = "") -> None:
        self.path = path
        self._left = dict(content)
        self._known: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def at(self, key: str) -> str:
        """The path of a key of this table."""
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, problem: str, advice: str = "") -> PenstockError:
        """What to raise about a key; an empty one means the table itself."""
        path = (self.at(key) if key else self.path) or "the file"
        return error("PEN551", path=path, problem=problem, advice=advice)

    def take(self, key: str, default: Any = _MISSING) -> Any:
        """A value of whatever type."""
        self._known.append(key)
        if key in self._left:
            return self._left.pop(key)
        if default is _MISSING:
            raise self.wrong(key, "is missing", f"Write {key} = …")
        return default

    def text(self, key: str, default: Any = _MISSING, choices: Sequence[str] = ()) -> Any:
        value = self.take(key, default)
        if value is default:
            return value
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, f"is {_shown(value)}, not a text")
        if choices and value not in choices:
            advice = did_you_mean(value, choices, f"Choose from {', '.join(choices)}.")
            raise self.wrong(key, f"is {_shown(value)}, which is none of the choices", advice)
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self.take(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, f"is {_shown(value)}, not true or false")
        return value

    def whole(self, key: str, default: Any = _MISSING, least: int = 0) -> Any:
        value = self.take(key, default)
        if value is default:
            return value
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self.wrong(key, f"is {_shown(value)}, not a whole number from {least} on")
        return value

    def number(
        self, key: str, default: Any = _MISSING, least: float = -math.inf, most: float = math.inf
    ) -> Any:
        value = self.take(key, default)
        return value if value is default else self._number(key, value, least, most)

    def _number(self, key: str, value: Any, least: float = -math.inf, most: float = math.inf) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise self.wrong(key, f"is {_shown(value)}, not a finite number")
        if not least <= value <= most:
            bounds = f"from {least:g} to {most:g}" if most < math.inf else f"from {least:g} on"
            raise self.wrong(key, f"is {value:g}, which is not {bounds}")
        return float(value)

    def texts(self, key: str, default: Any = _MISSING) -> tuple[str, ...]:
        """A list of texts, none blank."""
        values = self.take(key, default)
        if not isinstance(values, (list, tuple)) or any(
            not isinstance(v, str) or not v.strip() for v in values
        ):
            raise self.wrong(key, f"is {_shown(values)}, not a list of names")
        return tuple(values)

    def numbers(self, key: str, default: Any = _MISSING) -> Any:
        """A list of finite numbers."""
        values = self.take(key, default)
        if values is default:
            return values
        if not isinstance(values, list):
            raise self.wrong(key, f"is {_shown(values)}, not a list of numbers")
        return tuple(self._number(f"{key}[{i}]", value) for i, value in enumerate(values))

    def map_of_numbers(self, key: str) -> dict[str, float]:
        table = self.table(key)
        return {name: table._number(name, table.take(name)) for name in list(table._left)}

    def map_of_texts(self, key: str) -> dict[str, str]:
        table = self.table(key)
        return {name: table.text(name) for name in list(table._left)}

    def table(self, key: str) -> Table:
        """A table within, empty where there is none."""
        value = self.take(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, f"is {_shown(value)}, not a table")
        return Table(value, self.at(key))

    def tables(self, key: str) -> list[Table]:
        """An array of tables, empty where there is none."""
        values = self.take(key, [])
        if not isinstance(values, list) or any(not isinstance(value, dict) for value in values):
            raise self.wrong(
                key, f"is {_shown(values)}, not an array of tables", f"Write [[{self.at(key)}]]."
            )
        return [Table(value, f"{self.at(key)}[{i}]") for i, value in enumerate(values)]

    def names(self) -> Iterator[str]:
        """The keys that nothing has taken yet."""
        return iter(list(self._left))

    def finish(self) -> None:
        for key in self._left:
            advice = did_you_mean(key, self._known, f"Known here: {', '.join(sorted(self._known))}.")
            raise self.wrong(key, "is not a key that is known here", advice)


def parse(text: str, name: str) -> Table:
    """The top table of a TOML text; `name` is shown in messages. Raises PEN550."""
    try:
        return Table(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise error("PEN550", name=name, reason=str(problem)) from None


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"

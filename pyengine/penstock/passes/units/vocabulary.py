"""What a model says of its units: which variables have some, and how its author spells them."""

from __future__ import annotations

from contextlib import suppress

from ...builtins.time import CLOCK_SPELLINGS, SEED, STEP
from ...errors import Diagnostic, finding
from ...model import Ident, Model, canonical
from ...units import DIMENSIONLESS, ONE, TIMES, Power, Table, Unit, UnitsError, read
from .equations import TIME
from .evaluate import Free, Value
from .solver import unknown

_UNSAID = ("", "?")


class Vocabulary:
    """`given` has the units that variables are declared with; the model is a flat one. `is_told` where there are
    any beside those of the settings of the run."""

    def __init__(self, model: Model) -> None:
        time = model.specs.time_units
        self.findings: list[Diagnostic] = []
        self.table = Table(model.units)
        if canonical(time) in (*_UNSAID, "time"):
            used = self._units_of_time(model)
            if len(used) == 1:
                self.table = Table(model.units, used.pop())
                time = ""
        else:
            self.table = Table(model.units, time)
        for item in self.table.faulty:
            self._unreadable(item.equation, f"the unit {item.name}", item.span)
        self._texts: dict[Unit, str] = {}
        self._spelled: dict[str, str] = {}
        self.given: dict[Ident, Unit] = {}
        self.variables = {variable.ident: variable for variable in model.variables}
        self.numbers = {canonical(name) for dim in model.dimensions for name in (dim.name, *dim.elements)}
        for variable in model.variables:
            if variable.units not in _UNSAID and (
                (unit := self._read(variable.units, variable.name, variable.span)) is not None
            ):
                self.given[variable.ident] = unit
        known = self._read(time, "time") if time not in _UNSAID else None
        self.time = unknown(TIME) if known is None else known
        self.is_told = any(ident not in CLOCK_SPELLINGS for ident in self.given)

    def _units_of_time(self, model: Model) -> set[str]:
        """The units of time in a model whose time is in nothing in particular."""
        found: set[str] = set()
        for text in {variable.units for variable in model.variables}:
            with suppress(UnitsError):
                found.update(name for name, _ in self.table.unit(text).powers if name in TIMES)
        return found

    def _read(self, text: str, name: str, *place: object) -> Unit | None:
        try:
            unit = self.table.unit(text)
        except UnitsError:
            self._unreadable(text, name, *place)
            return None
        self._texts.setdefault(unit, text)
        for word, _ in read(text):
            self._spelled.setdefault(canonical(word), word)
            for first, _ in self.table.named(word).powers:
                self._spelled.setdefault(first, word)
        return unit

    def _unreadable(self, text: str, name: str, *place: object) -> None:
        try:
            read(text)
        except UnitsError as problem:
            self.findings.append(finding("PEN701", *place, text=text, name=name, reason=problem))  # type: ignore[arg-type]

    def units(self, name: str) -> Value:
        """The units of what a name stands for; an unknown for a variable that has none."""
        ident = canonical(name)
        if ident in self.variables:
            return self.given.get(ident) or unknown(ident)
        clock = CLOCK_SPELLINGS.get(ident, ident)
        if clock in (SEED, STEP) or ident in self.numbers:
            return Free.NUMBER
        return self.time if clock.startswith("#") else Free.ANY

    def name(self, ident: str) -> str:
        """A variable's name as written."""
        variable = self.variables.get(Ident(ident))
        if variable is None:
            return ident.lstrip("#")
        return variable.name.rpartition("#")[2]  # a macro's variables have their calls before theirs

    # Units in the author's words.

    def text(self, unit: Unit) -> str:
        """A unit as some variable spells it, else put together from the names the author uses."""
        if unit in self._texts:
            return self._texts[unit]
        if unit == ONE:
            return self._spelled.get(DIMENSIONLESS, "dimensionless")
        top = [self._with_power(name, power) for name, power in unit.powers if power > 0]
        bottom = [self._with_power(name, -power) for name, power in unit.powers if power < 0]
        under = f"/({'*'.join(bottom)})" if len(bottom) > 1 else "".join(f"/{name}" for name in bottom)
        return "*".join(top or ["1"]) + under

    def word(self, name: str) -> str:
        """A base unit as the author spells it first; of an unknown, whose it is."""
        if name.startswith("?"):
            return f"[units of {self.name(name[1:])}]"
        return self._spelled.get(name, name)

    def _with_power(self, name: str, power: Power) -> str:
        word = self.word(name)
        return word if power == 1 else f"{word}^{power}" if isinstance(power, int) else f"{word}^({power})"

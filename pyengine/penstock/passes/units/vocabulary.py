"""What a model says of its units: which variables have some, and how its author spells them."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import suppress

from ...builtins.time import CLOCK_SPELLINGS, SEED, STEP
from ...errors import Diagnostic, finding
from ...model import Ident, Model, canonical
from ...place import NOWHERE, Span
from ...units import ONE, TIMES, Power, Table, Unit, UnitsError, read
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
        for item, reason in self.table.faulty:
            self._unreadable(item.equation, f"the unit {item.name}", reason, item.span)
        self._texts: dict[Unit, Counter[str]] = defaultdict(Counter)
        self._text: dict[Unit, str] = {}
        self._words: dict[str, Counter[str]] = defaultdict(Counter)
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
        self._learn_words()
        self.is_told = any(ident not in CLOCK_SPELLINGS for ident in self.given)

    def _units_of_time(self, model: Model) -> set[str]:
        """The units of time in a model whose time is in nothing in particular."""
        found: set[str] = set()
        for text in {variable.units for variable in model.variables}:
            with suppress(UnitsError):
                found.update(name for name, _ in self.table.unit(text).powers if name in TIMES)
        return found

    def _read(self, text: str, name: str, span: Span = NOWHERE) -> Unit | None:
        try:
            unit = self.table.unit(text)
        except UnitsError as problem:
            self._unreadable(text, name, str(problem), span)
            return None
        self._texts[unit][text] += 1
        return unit

    def _learn_words(self) -> None:
        """The names that units are written with; what is written most counts."""
        for unit, texts in self._texts.items():
            self._text[unit] = _most(texts)
            for text, count in texts.items():
                for word, _ in read(text):
                    for key in (canonical(word), *(first for first, _ in self.table.named(word).powers)):
                        self._words[key][word] += count

    def _unreadable(self, text: str, name: str, reason: str, span: Span) -> None:
        self.findings.append(
            finding(
                "PEN701", span, text=text if len(text) <= 60 else f"{text[:60]}…", name=name, reason=reason
            )
        )

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
        """A unit as most variables spell it, else put together from the names the author uses."""
        if unit in self._text:
            return self._text[unit]
        if unit == ONE:
            return "dimensionless"
        top = [self._with_power(name, power) for name, power in unit.powers if power > 0]
        bottom = [self._with_power(name, -power) for name, power in unit.powers if power < 0]
        under = f"/({'*'.join(bottom)})" if len(bottom) > 1 else "".join(f"/{name}" for name in bottom)
        return "*".join(top or ["1"]) + under

    def word(self, name: str) -> str:
        """A base unit as the author spells it most; of an unknown, whose it is."""
        if name.startswith("?"):
            return f"[units of {self.name(name[1:])}]"
        return _most(self._words[name]) if name in self._words else name

    def _with_power(self, name: str, power: Power) -> str:
        word = self.word(name)
        return word if power == 1 else f"{word}^{power}" if isinstance(power, int) else f"{word}^({power})"


def _most(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda text: (-spellings[text], text))

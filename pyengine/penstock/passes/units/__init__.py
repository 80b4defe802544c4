"""Units over the whole model: what contradicts, what is missing and could be known.

Where all variables of an equation have units, it is checked as it stands. From the other equations the units of
the rest are inferred: first what holds whatever the numbers in them are, then, where that leaves room, with
numbers that have no units. A fault is reported once: what it makes unsure is not used against anything else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...builtins import BUILTINS
from ...builtins.time import CLOCK_SPELLINGS
from ...errors import Diagnostic
from ...expr import Call, walk
from ...model import Ident, Model, canonical
from ...units import ONE, Unit
from ..flatten import flatten
from . import wording
from .blame import culprits, same_names
from .equations import TIME, Requirement, requirements
from .evaluate import Evaluation, Misfit, Value, names
from .macros import placed
from .solver import Unknowns, unknown
from .vocabulary import Vocabulary

__all__ = ["UnitReport", "VariableUnits", "check_units"]


@dataclass(frozen=True, slots=True)
class VariableUnits:
    """Units of a variable as text: as its author wrote them, and as inferred where there are none."""

    given: str
    inferred: str


@dataclass(frozen=True, slots=True)
class UnitReport:
    """Findings in the order of the text, and the units of the variables by their names."""

    findings: tuple[Diagnostic, ...]
    variables: Mapping[str, VariableUnits]


Faults = list[tuple[Requirement, Misfit]]


def check_units(model: Model, flat: Model | None = None) -> UnitReport:
    """The units of a model as read; `flat` is the same without modules and macros, where that is known. Raises
    `PenstockError` only for what keeps them from being written out, which compiling reports too."""
    flat = flatten(model) if flat is None else flat
    words = Vocabulary(flat)
    if not words.is_told:
        return UnitReport((*words.findings,), _variables(flat, words, Unknowns()))
    checking = _Checking(flat, words)
    findings = [*words.findings, *checking.declared(), *checking.once(checking.inferred(), model)]
    findings += _missing(flat, words, checking.unknowns)
    order = sorted(dict.fromkeys(findings), key=lambda item: (item.span.start, item.code))
    return UnitReport(tuple(order), _variables(flat, words, checking.unknowns))


class _Checking:
    """The requirements of a model, those with all units `given` apart from those with some to be inferred."""

    def __init__(self, model: Model, words: Vocabulary) -> None:
        self.words = words
        self.unknowns = Unknowns()
        self.unsure: set[Ident] = set()
        self.to_blame: set[Ident] = set()
        self.all = requirements(model)
        self.mentions = {id(item): frozenset(_mentioned(item)) for item in self.all}
        known = {*words.given, *words.numbers} | (set() if words.time.unknowns else {TIME})
        self.given = [item for item in self.all if self.mentions[id(item)] <= known]
        whole = set(map(id, self.given))
        self.open = [item for item in self.all if id(item) not in whole]
        self.tied = _tied(
            [self.mentions[id(item)] - words.numbers - {TIME} for item in self.open], words.given
        )

    # Equations whose variables all have units.

    def declared(self) -> list[Diagnostic]:
        """The findings on them, several with the same cause as one."""
        words = self.words
        faults = [(item, fault) for item in self.given for fault in self.misfits(item)]
        found: list[Diagnostic] = []
        alike: dict[tuple[str, str], Faults] = defaultdict(list)
        for item, fault in faults:
            if (pair := same_names(fault.found / fault.expected)) is not None:
                alike[pair].append((item, fault))
        for pair, together in alike.items():
            found.append(wording.same_names(*pair, together, words))
            faults = [fault for fault in faults if fault not in together]
        failing = Counter(item for item, _ in faults)
        for culprit in culprits(failing, self._uses(failing), self._idents, self._check):
            found.append(wording.culprit(culprit, words))
            self.to_blame.add(culprit.ident)
            faults = [fault for fault in faults if fault[0] not in culprit.cured]
        self.to_blame |= {item.subject for item, _ in faults if item.subject is not None}
        return found + [wording.misfit(fault, item, words) for item, fault in faults]

    def _idents(self, item: Requirement) -> Iterable[Ident]:
        return (ident for ident in self.mentions[id(item)] if ident in self.words.given or ident == TIME)

    def _uses(self, failing: Iterable[Requirement]) -> Mapping[Ident, list[Requirement]]:
        """Where the names in some requirements are mentioned."""
        found: dict[Ident, list[Requirement]] = {
            ident: [] for item in failing for ident in self._idents(item)
        }
        for item in self.given if found else ():
            for ident in self.mentions[id(item)] & found.keys():
                found[ident].append(item)
        return found

    def _check(self, item: Requirement, other: Mapping[Ident, Unit | None]) -> Unit | bool | None:
        unknowns = Unknowns()
        if self.misfits(item, unknowns, other):
            return False
        asked = next((ident for ident, unit in other.items() if unit is None), None)
        if asked is None:
            return True
        unit = unknowns.reduced(unknown(asked))
        return None if unit.unknowns else unit

    # Equations with units to be inferred.

    def inferred(self) -> Faults:
        """The faults in them; what is found of unknown units stays in `unknowns`.

        First numbers as factors may be anything. What then is known is checked with numbers that have no units; what
        is not is taken to hold in that sense too where nothing speaks against it.
        """
        faults: Faults = []
        waiting = sorted(self.open, key=self._order)
        waiting = [item for item in waiting if self._holds(item, faults, loosely=True)]
        for _ in range(2):  # a fact found late in one round may decide an equation that was open in it
            known = [item for item in waiting if self._is_known(item)]
            waiting = [item for item in waiting if not self._is_known(item)]
            for item in known:
                self._holds(item, faults, loosely=False)
            still = []
            for item in waiting:
                if self._is_known(item):
                    self._holds(item, faults, loosely=False)
                elif self.misfits(item):
                    still.append(item)
            waiting = still
        return faults

    def once(self, faults: Faults, model: Model) -> Iterator[Diagnostic]:
        """Faults as findings; of those that tell of the same variable that it is out by the same, the first."""
        told: dict[frozenset[Unit], set[Ident]] = defaultdict(set)
        found = [(item, fault, wording.misfit(fault, item, self.words)) for item, fault in faults]
        for item, fault, diagnostic in sorted(
            placed(found, self.all, model), key=lambda row: row[0].owner.hidden
        ):
            gap = fault.found / fault.expected
            names = told[frozenset((gap, ONE / gap))]
            mentioned = self.mentions[id(item)] - {TIME}
            if not names & mentioned:
                yield diagnostic
            names |= mentioned

    def _holds(self, item: Requirement, faults: Faults, *, loosely: bool) -> bool:
        """Whether a requirement holds; else the unknowns in it are unsure, and nothing else they are in is
        reported. So are those that follow from a variable that is to blame already."""
        found = self.misfits(item, loosely=loosely)
        names = self.mentions[id(item)]
        unknowns = names - self.words.given.keys() - {TIME}
        if found and not names & (self.unsure | self.to_blame) and unknowns <= self.tied:
            faults += [(item, fault) for fault in found]
        if found or names & self.to_blame:
            self.unsure |= unknowns
        if names & self.to_blame:
            self.to_blame |= unknowns
        return not found

    def _order(self, item: Requirement) -> tuple[int, bool]:
        """Few unknowns first, and of those what defines one."""
        return len(self.mentions[id(item)] - self.words.given.keys()), item.subject in self.words.given

    def _is_known(self, item: Requirement) -> bool:
        units = map(self.words.units, self.mentions[id(item)])
        return not any(isinstance(unit, Unit) and self.unknowns.reduced(unit).unknowns for unit in units)

    def misfits(
        self,
        item: Requirement,
        unknowns: Unknowns | None = None,
        other: Mapping[Ident, Unit | None] | None = None,
        *,
        loosely: bool = False,
    ) -> list[Misfit]:
        """What does not fit in a requirement, if some variables had other units, or None for unknown ones."""
        unknowns = unknowns or self.unknowns
        units, time = self._units(other or {})
        evaluation = Evaluation(units, time, unknowns, loosely=loosely)
        subject = ONE if item.subject is None else units(item.subject)
        wanted = subject * time**item.time if isinstance(subject, Unit) and not item.free else None
        value = evaluation.value(item.expr, wanted)
        found = evaluation.misfits
        if isinstance(value, Unit) and wanted is not None and not unknowns.unify(value, wanted):
            found.append(Misfit("value", item.expr, unknowns.reduced(value), unknowns.reduced(wanted)))
        return found

    def _units(self, other: Mapping[Ident, Unit | None]) -> tuple[Callable[[str], Value], Unit]:
        if not other:
            return self.words.units, self.words.time
        changed = {ident: unknown(ident) if unit is None else unit for ident, unit in other.items()}
        time = changed.get(TIME, self.words.time)

        def units(name: str) -> Value:
            ident = canonical(name)
            if ident in changed:
                return changed[ident]
            found = self.words.units(name)
            return time if found is self.words.time and ident not in self.words.variables else found

        return units, time


def _mentioned(item: Requirement) -> Iterable[Ident]:
    """The variables whose units a requirement is about, and `TIME` if it is about those of time."""
    if item.subject is not None:
        yield item.subject
    if item.time:
        yield TIME
    for name in names(item.expr):
        ident = canonical(name)
        yield TIME if ident in CLOCK_SPELLINGS else ident
    for node in walk(item.expr):
        if isinstance(node, Call) and node.function in BUILTINS and "time" in BUILTINS[node.function].units:
            yield TIME


def _tied(groups: Sequence[frozenset[Ident]], given: Mapping[Ident, Unit]) -> set[Ident]:
    """The names that equations tie, over whatever steps, to a variable that has units."""
    ties: dict[Ident, set[Ident]] = defaultdict(set)
    for group in groups:
        for ident in group:
            ties[ident] |= group
    found: set[Ident] = set()
    reached = [ident for ident in ties if ident in given]
    while reached:
        ident = reached.pop()
        if ident not in found:
            found.add(ident)
            reached.extend(ties[ident])
    return found


def _missing(model: Model, words: Vocabulary, unknowns: Unknowns) -> Iterable[Diagnostic]:
    """Suggestions; what is dimensionless may well say nothing."""
    for variable in model.variables:
        if variable.ident not in words.given and not variable.hidden:
            unit = unknowns.reduced(unknown(variable.ident))
            if not unit.unknowns and unit != ONE:
                yield wording.missing(variable.name, unit, variable.span, words)


def _variables(model: Model, words: Vocabulary, unknowns: Unknowns) -> Mapping[str, VariableUnits]:
    found = {}
    for variable in model.variables:
        if not variable.hidden:
            unit = unknowns.reduced(unknown(variable.ident))
            known = variable.ident not in words.given and not unit.unknowns
            found[variable.name] = VariableUnits(variable.units, words.text(unit) if known else "")
    return found

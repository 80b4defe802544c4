"""Before all passes, for a model of which only a part can run: what is wrong with it, and the model without.

A variable is left out as a whole, never given another value or fewer elements; `falling` says what goes with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..builtins.time import CLOCK_SPELLINGS
from ..changing import replace
from ..errors import Diagnostic, PenstockError, error, finding
from ..expr import Call, Number, walk
from ..model import Auxiliary, Equation, Ident, Macro, Model, Stock, Variable, canonical
from ..place import NOWHERE, Span
from .falling import falling, names_in
from .renaming import expressions_of

_MARK = "#unread"
"""The function that a placeholder's equation calls, with the number of what is wrong."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A variable, dimension or macro that is left out, and why.

    `needs` are the names on the way to what could not be read or compiled; empty where that is this one.
    """

    name: str
    reasons: tuple[Diagnostic, ...]
    needs: tuple[str, ...] = ()


_Key = tuple[int, Ident]
"""The number of the model or macro that holds a part, and the part's identifier."""


class Absent:
    """What of a model is known to be wrong; it grows with every attempt to compile the rest."""

    def __init__(self, model: Model, findings: Iterable[Diagnostic]) -> None:
        """Raises the errors among the findings where one of them is about no part in particular."""
        self.model = model
        self.reasons: dict[_Key, tuple[Diagnostic, ...]] = {}
        self.names: dict[_Key, str] = {}
        self.flows: dict[_Key, tuple[str, ...]] = {}
        self.lost_dimensions: set[Ident] = set()
        self._spans = list(_spans(model))
        errors = dict.fromkeys(item for item in findings if item.severity == "error")
        for number, holder in enumerate((model, *model.submodels)):
            for item in holder.unread:
                if canonical(item.name) in CLOCK_SPELLINGS:
                    raise PenstockError(errors)
                key = number, canonical(item.name)
                self._note(key, item.name, item.reasons)
                self.flows[key] = (*self.flows.get(key, ()), *item.flows)
                for reason in item.reasons:
                    errors.pop(reason, None)
                if item.dimension:
                    self.lost_dimensions.add(canonical(item.name))
        self._attribute(errors)

    def add(self, findings: Iterable[Diagnostic]) -> None:
        """Note the parts that errors are about. Raises them where one is about none in particular, or where they
        are there without these parts too, as a circle of connections is."""
        before = len(self.reasons)
        self._attribute(findings)
        if len(self.reasons) == before:
            raise PenstockError(findings)

    def _attribute(self, findings: Iterable[Diagnostic]) -> None:
        findings = tuple(findings)
        owners = [(item, self._owners(item.span)) for item in findings]
        for item, keys in owners:
            for key, name in keys.items():
                self._note(key, name, (item,))
        if not all(keys for _, keys in owners):
            known = (reason for reasons in self.reasons.values() for reason in reasons)
            raise PenstockError(dict.fromkeys((*findings, *known)))
        dims = {item.ident for item in self.model.dimensions}
        self.lost_dimensions |= {ident for number, ident in self.reasons if number == 0 and ident in dims}

    def _note(self, key: _Key, name: str, reasons: tuple[Diagnostic, ...]) -> None:
        self.names.setdefault(key, name)
        self.reasons[key] = (*self.reasons.get(key, ()), *reasons)

    def _owners(self, place: Span) -> dict[_Key, str]:
        """What stands at a place: the parts with the shortest text around it."""
        around = [
            (span.end - span.start, key, name)
            for span, key, name in self._spans
            if span.source is place.source and span.start <= place.start and place.end <= span.end
        ]
        shortest = min((length for length, _, _ in around), default=0)
        return {key: name for length, key, name in around if length == shortest}

    def marked(self) -> Model:
        """The model with placeholders for what is wrong, whatever it is."""
        main, *submodels = (
            replace(holder, variables=self._variables(number, holder.variables), unread=())
            for number, holder in enumerate((self.model, *self.model.submodels))
        )
        macros = tuple(
            replace(macro, variables=self._variables(number, macro.variables))
            for number, macro in enumerate(self.model.macros, 1 + len(submodels))
            if (0, macro.ident) not in self.reasons
        )
        dimensions = tuple(item for item in self.model.dimensions if (0, item.ident) not in self.reasons)
        return replace(main, submodels=tuple(submodels), macros=macros, dimensions=dimensions)

    def _variables(self, holder: int, variables: tuple[Variable, ...]) -> tuple[Variable, ...]:
        kept = (item for item in variables if (holder, item.ident) not in self.reasons)
        wrong = {item.ident: item for item in variables if (holder, item.ident) in self.reasons}
        placeholders = (
            self._placeholder(number, key, wrong.get(key[1]))
            for number, key in enumerate(self.reasons)
            if key[0] == holder
        )
        return (*kept, *placeholders)

    def _placeholder(self, number: int, key: _Key, variable: Variable | None) -> Variable:
        """What stands for a part that is wrong: with the flows of a stock, since they may need it."""
        span = self.reasons[key][0].span
        equations = (Equation(Call(_MARK, (Number(float(number)),), (), span), span=span),)
        flows = self.flows.get(key, ())
        if isinstance(variable, Stock):
            limits = variable.non_negative or key in self.flows
            inflows = (*variable.inflows, *flows)
            return replace(variable, equations=equations, inflows=inflows, non_negative=limits)
        if flows:
            return Stock(self.names[key], equations, inflows=flows, non_negative=True, span=span)
        return Auxiliary(self.names[key], equations, span=span)

    def without(self, flat: Model) -> tuple[Model, tuple[Missing, ...]]:
        """The model that `marked` became when flattened, without what is wrong and what needs it; and what that is.

        Raises PEN405 where the clock needs some of it.
        """
        every = list(self.reasons.values())
        marks = [(item.ident, number) for item in flat.variables for number in _marks(item)]
        roots = {ident: every[number] for ident, number in marks}
        unused = set(range(len(every))) - {number for _, number in marks}  # as in a macro that nothing calls
        paths = falling(flat, roots, self.lost_dimensions)
        variables = {item.ident: item for item in flat.variables}
        names = list(self.names.values())
        missing = [Missing(names[number], every[number]) for number in sorted(unused)]
        for ident, path in paths.items():
            if not ident.startswith("#"):
                way = [variables[step].name for step in path if not step.startswith("#")]
                reasons = roots[path[-1] if path else ident]
                if way:
                    needs = _chain(way, reasons[0])
                    found = finding("PEN404", variables[ident].span, name=variables[ident].name, needs=needs)
                    reasons = (found,)
                missing.append(Missing(variables[ident].name, reasons, tuple(way)))
        _check_clock(flat, missing)
        kept = tuple(item for item in flat.variables if item.ident not in paths)
        return replace(flat, variables=kept), tuple(missing)


def _spans(model: Model) -> Iterator[tuple[Span, _Key, str]]:
    holders: tuple[Model | Macro, ...] = (model, *model.submodels, *model.macros)
    for number, holder in enumerate(holders):
        for variable in holder.variables:
            for span in _texts(variable):
                if span is not NOWHERE:
                    yield span, (number, variable.ident), variable.name
    yield from ((item.span, (0, item.ident), item.name) for item in model.dimensions)
    yield from ((item.span, (0, item.ident), item.name) for item in model.macros)


def _texts(variable: Variable) -> Iterator[Span]:
    """The places of all that a variable's declaration says."""
    yield variable.span
    yield from (expr.span for expr in expressions_of(variable))
    for equation in variable.equations:
        yield equation.span
        yield from (item.span for item in (equation.lookup, equation.external) if item is not None)


def _marks(variable: Variable) -> Iterator[int]:
    for expr in expressions_of(variable):
        for node in walk(expr):
            if isinstance(node, Call) and node.function == _MARK and isinstance(node.arguments[0], Number):
                yield int(node.arguments[0].value)


def _chain(names: list[str], reason: Diagnostic) -> str:
    """``b, which needs x, which has an error (line 12)``"""
    where = "" if reason.span is NOWHERE else f" (line {reason.span.line_column()[0]})"
    shown = names if len(names) <= 6 else [*names[:3], "…", *names[-2:]]
    return f"{', which needs '.join(shown)}, which has an error{where}"


def _check_clock(flat: Model, missing: list[Missing]) -> None:
    gone = {canonical(item.name): item for item in missing}
    specs = flat.specs
    settings = {
        "start time": specs.start,
        "stop time": specs.stop,
        "time step": specs.dt,
        "save step": specs.save_step,
    }
    for what, expr in settings.items():
        for ident in names_in(expr) if expr is not None else ():
            if ident in gone and expr is not None:
                problem = error("PEN405", expr.span, what=what, name=gone[ident].name)
                raise PenstockError((*problem.diagnostics, *gone[ident].reasons))

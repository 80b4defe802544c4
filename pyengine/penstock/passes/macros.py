"""Macros written out: every call gets hidden variables of its own, and a reference in its place.

A call has the shape of the equation it stands in, and of the dimensions that a function around it runs over.
An argument that is a name stands for itself, so that it may be a lookup; any other becomes an auxiliary.
Names inside a macro are its own; what ends in ``$`` is the model's, and so are the clock and dimensions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from ..builtins import BUILTINS
from ..builtins.time import CLOCK_SPELLINGS
from ..changing import replace
from ..errors import Diagnostic, PenstockError, finding, raise_if_any
from ..expr import Call, Expr, Number, Reference, Subscript, rewrite, walk
from ..model import Auxiliary, Equation, Ident, Lookup, Macro, Model, Stock, Variable, canonical
from ..place import Span
from .declare import did_you_mean
from .renaming import changed, renamed

MAX_VARIABLES = 50_000
"""Calls of macros within macros can multiply; more hidden variables than this are refused."""

Path = tuple[Macro, ...]
"""The macros that a variable comes from, outermost first."""


def without_macros(model: Model) -> Model:
    """The same model without calls of macros. Raises PEN201, PEN202, PEN204, PEN205, PEN401."""
    findings: list[Diagnostic] = []
    macros: dict[Ident, Macro] = {}
    for macro in model.macros:
        if macro.ident in macros:
            findings.append(finding("PEN202", macro.span, name=macro.name))
        macros[macro.ident] = macro
    expander = _Expander(model, macros, findings)
    variables = expander.run(model.variables)
    raise_if_any(dict.fromkeys(findings))
    return replace(model, variables=variables, macros=())


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a call stands: in an equation of a variable, for the elements that `axes` name."""

    owner: Variable
    axes: tuple[str, ...]
    exceptions: tuple[tuple[str, ...], ...]
    path: Path


class _Expander:
    """Writes calls out until none is left; `waiting` are variables that may hold some."""

    def __init__(self, model: Model, macros: Mapping[Ident, Macro], findings: list[Diagnostic]) -> None:
        self.macros = macros
        self.findings = findings
        self.dims = {
            canonical(name) for dim in model.dimensions for name in (dim.name, *_aliases(dim.same_as))
        }
        elements = {canonical(name) for dim in model.dimensions for name in dim.elements}
        self.known = {*self.dims, *elements, *CLOCK_SPELLINGS, *CLOCK_SPELLINGS.values()}
        self.waiting: list[tuple[Variable, Path]] = []
        self.root, self.calls = "", 0
        self.made = 0

    def run(self, variables: Iterable[Variable]) -> tuple[Variable, ...]:
        done: list[Variable] = []
        for variable in variables:
            self.waiting = [(variable, ())]
            self.root, self.calls = variable.name, 0
            while self.waiting:
                following, path = self.waiting.pop()
                done.append(self._expanded(following, path))
        return tuple(done)

    def is_call(self, expr: Call) -> bool:
        return canonical(expr.function) in self.macros

    def _expanded(self, variable: Variable, path: Path) -> Variable:
        """The variable with references in place of calls; what they made waits."""
        is_belt = isinstance(variable, Stock) and variable.conveyor is not None
        if not is_belt and not any(map(self.is_call, _calls(variable))):
            return variable
        equations = list(variable.equations)
        for number, equation in enumerate(equations):
            if any(map(self.is_call, _calls(replace(variable, equations=(equation,))))):
                change = self._change(self._place(variable, equation, path))
                equations[number] = changed(replace(variable, equations=(equation,)), change).equations[0]
        if isinstance(variable, Stock) and variable.conveyor is not None:
            place = self._place(variable, Equation(None), path)
            variable = changed(replace(variable, equations=()), self._change(place))
        return replace(variable, equations=tuple(equations))

    def _place(self, variable: Variable, equation: Equation, path: Path) -> _Place:
        subscripts = equation.subscripts or variable.dims
        axes = tuple(name for name in subscripts if canonical(name) in self.dims)
        return _Place(variable, axes, equation.exceptions if len(axes) == len(subscripts) else (), path)

    def _change(self, place: _Place) -> Callable[[Expr], Expr]:
        def change(expr: Expr) -> Expr:
            return self._call(expr, place) if isinstance(expr, Call) and self.is_call(expr) else expr

        return change

    def _call(self, call: Call, place: _Place) -> Expr:
        macro = self.macros[canonical(call.function)]
        problem = self._problem(call, macro, place)
        if problem is not None:
            self.findings.append(problem)
            return Number(0.0, call.span)
        self.calls += 1
        instance = _Instance(self, macro, call, place, self.calls)
        made = instance.variables()
        self.made += len(made)
        if self.made > MAX_VARIABLES:
            advice = "Call fewer macros within macros."
            construct = f"a model whose macros make more than {MAX_VARIABLES} variables"
            raise PenstockError([finding("PEN401", call.span, construct=construct, advice=advice)])
        self.waiting.extend((variable, (*place.path, macro)) for variable in reversed(made))
        return instance.result

    def _problem(self, call: Call, macro: Macro, place: _Place) -> Diagnostic | None:
        above = next((depth for depth, item in enumerate(place.path) if item is macro), None)
        if above is not None:
            path = " → ".join(item.name for item in (*place.path[above:], macro))
            advice = "A macro cannot call itself."
            return finding("PEN205", call.span, name=macro.name, path=path, advice=advice)
        if call.subscripts:
            construct = f"a call of the macro {macro.name} with subscripts"
            advice = "Give the subscripts to its arguments."
            return finding("PEN401", call.span, construct=construct, advice=advice)
        fewest = sum(parameter.default is None for parameter in macro.parameters)
        most = len(macro.parameters)
        if not fewest <= len(call.arguments) <= most:
            count = f"{most}" if fewest == most else f"{fewest} to {most}"
            names = ", ".join(parameter.name for parameter in macro.parameters)
            expected = f"{count} argument{'' if most == 1 else 's'} ({names})"
            found = len(call.arguments)
            return finding(
                "PEN204", call.span, name=macro.name, expected=expected, found=found, advice="It is a macro."
            )
        if len(call.outputs) > len(macro.outputs):
            expected = f"{len(macro.outputs)} names for outputs ({', '.join(macro.outputs)})"
            found = len(call.outputs)
            return finding(
                "PEN204", call.span, name=macro.name, expected=expected, found=found, advice="It is a macro."
            )
        return None


def _aliases(same_as: str) -> tuple[str, ...]:
    return (same_as,) if same_as else ()


class _Instance:
    """What one call makes: names for the macro's variables and parameters, and the variables themselves.

    `axes` are the dimensions that all of them have: those of the equation, and those that a function around
    the call runs over, which `marks` tells from the others.
    """

    def __init__(self, expander: _Expander, macro: Macro, call: Call, place: _Place, number: int) -> None:
        self.expander = expander
        self.macro = macro
        self.call = call
        self.place = place
        self.prefix = f"#{expander.root}>{macro.name} {number}#"
        marked = [item for expr in call.arguments for item in _marked(expr)]
        self.marks = tuple(dict.fromkeys(canonical(item.name) for item in marked))
        self.axes = (*place.axes, *self.marks)
        self.subscripts = tuple(Subscript(name) for name in self.axes)
        self._check_marks(marked)
        parameters = {parameter.ident for parameter in macro.parameters}
        self.locals = {item.ident: item for item in macro.variables if item.ident not in parameters}
        self.extra: list[Variable] = []
        self.arguments = dict(self._arguments())
        self.result = self._result()
        self.extra += self._outputs()

    def _check_marks(self, marked: list[Subscript]) -> None:
        taken = set(map(canonical, self.place.axes))
        for item in marked:
            if item.name == "*" or canonical(item.name) in taken:
                construct = f"a call of the macro {self.macro.name} for all elements of {item.name} at once"
                advice = "Give the call a variable of its own, and sum over that."
                self.expander.findings.append(
                    finding("PEN401", self.call.span, construct=construct, advice=advice)
                )

    def name(self, local: str) -> str:
        return f"{self.prefix}{local}"

    def here(self, local: str, span: Span) -> Reference:
        return Reference(self.name(local), self.subscripts, span)

    def hidden(self, local: str, expr: Expr) -> Auxiliary:
        exceptions = self.place.exceptions if not self.marks else ()
        equation = Equation(expr, self.axes, exceptions, span=expr.span)
        return Auxiliary(self.name(local), (equation,), hidden=True, span=self.call.span)

    def _arguments(self) -> Iterator[tuple[Ident, Expr]]:
        """What each parameter stands for: a number, a name, or an auxiliary for anything else."""
        for number, parameter in enumerate(self.macro.parameters):
            if number < len(self.call.arguments):
                expr = rewrite(self.call.arguments[number], _unmarked)
            else:
                assert parameter.default is not None, parameter.name
                expr = rewrite(parameter.default, self._inner)
            if not isinstance(expr, Number | Reference):
                self.extra.append(self.hidden(parameter.name, expr))
                expr = self.here(parameter.name, expr.span)
            yield parameter.ident, expr

    def _result(self) -> Expr:
        """What stands in place of the call."""
        value = self.macro.value
        if value is None:
            value = Reference(self.macro.name, span=self.macro.span)
        value = rewrite(value, self._inner)
        if not isinstance(value, Number | Reference):
            self.extra.append(self.hidden("value", value))
            value = self.here("value", self.call.span)
        return _marked_again(replace(value, span=self.call.span), self.marks)

    def _outputs(self) -> Iterator[Variable]:
        for given, output in zip(self.call.outputs, self.macro.outputs, strict=False):
            expr = self._inner(Reference(output, span=self.macro.span))
            equation = Equation(expr, self.axes, span=self.call.span)
            yield Auxiliary(given, (equation,), span=self.call.span)

    def variables(self) -> list[Variable]:
        return [*self.extra, *map(self._variable, self.locals.values())]

    def _variable(self, variable: Variable) -> Variable:
        """A variable of the macro under its name in this call; lookups are the same for all elements."""
        copy = renamed(variable, self.name(variable.name), self._flow, self._inner)
        axes = () if isinstance(variable, Lookup) else self.axes
        exceptions = self.place.exceptions if not self.marks else ()
        equations = tuple(
            replace(
                equation,
                subscripts=(*axes, *(equation.subscripts or variable.dims)),
                exceptions=tuple((*axes, *exception) for exception in equation.exceptions)
                or (exceptions if axes and not (equation.subscripts or variable.dims) else ()),
            )
            for equation in copy.equations
        )
        dims = (*axes, *variable.dims) if variable.dims else ()
        return replace(copy, equations=equations, dims=dims, hidden=True, access="", units="", group="")

    def _flow(self, name: str) -> str:
        return self.name(self.locals[canonical(name)].name) if canonical(name) in self.locals else name

    def _inner(self, expr: Expr) -> Expr:
        """A node of the macro's text as it stands in this call."""
        if isinstance(expr, Reference):
            return self._reference(expr)
        if isinstance(expr, Call):
            return self._function(expr)
        return expr

    def _reference(self, expr: Reference) -> Expr:
        ident = canonical(expr.name)
        if ident in self.locals:
            subscripts = (*self.subscripts, *expr.subscripts)
            if isinstance(self.locals[ident], Lookup):
                subscripts = expr.subscripts
            return replace(expr, name=self.name(self.locals[ident].name), subscripts=subscripts)
        if ident in self.arguments:
            return self._argument(expr, self.arguments[ident])
        if ident in self.expander.known:
            return expr
        if ident.endswith("$"):
            return replace(expr, name=expr.name.rstrip("$ "))
        names = [*(item.name for item in self.locals.values()), *(p.name for p in self.macro.parameters)]
        otherwise = f"A macro knows only its own names; make it a parameter, or write {expr.name}$."
        advice = did_you_mean(expr.name, names, otherwise)
        self.expander.findings.append(finding("PEN201", expr.span, name=expr.name, advice=advice))
        return Number(0.0, expr.span)

    def _argument(self, expr: Reference, argument: Expr) -> Expr:
        if not expr.subscripts:
            return argument
        if isinstance(argument, Reference) and not argument.subscripts:
            return replace(expr, name=argument.name)
        construct = f"subscripts of the parameter {expr.name}, which stands for a single value in a call"
        advice = "Pass the array by its name, without subscripts."
        self.expander.findings.append(finding("PEN401", expr.span, construct=construct, advice=advice))
        return argument

    def _function(self, expr: Call) -> Expr:
        """A call inside the macro: of a lookup that is its own or an argument, else as it is."""
        ident = canonical(expr.function)
        if ident in self.locals and isinstance(self.locals[ident], Lookup):
            return replace(expr, function=self.name(self.locals[ident].name))
        argument = self.arguments.get(ident)
        if isinstance(argument, Reference) and expr.function not in BUILTINS:
            subscripts = expr.subscripts or argument.subscripts
            return replace(expr, function=argument.name, subscripts=subscripts)
        if ident.endswith("$") and ident not in self.expander.macros:
            return replace(expr, function=expr.function.rstrip("$ "))
        return expr


def _marked(expr: Expr) -> Iterator[Subscript]:
    """Subscripts that a function around the expression runs over."""
    for node in walk(expr):
        if isinstance(node, Reference | Call):
            yield from (item for item in node.subscripts if item.reduced or item.name == "*")


def _unmarked(expr: Expr) -> Expr:
    if isinstance(expr, Reference | Call) and any(item.reduced for item in expr.subscripts):
        return replace(expr, subscripts=tuple(replace(item, reduced=False) for item in expr.subscripts))
    return expr


def _marked_again(expr: Expr, marks: tuple[Ident, ...]) -> Expr:
    if not marks or not isinstance(expr, Reference):
        return expr
    subscripts = tuple(replace(item, reduced=canonical(item.name) in marks) for item in expr.subscripts)
    return replace(expr, subscripts=subscripts)


@contextmanager
def naming_calls(model: Model) -> Iterator[None]:
    """Say of errors in a macro's text who calls the macro."""
    try:
        yield
    except PenstockError as problem:
        raise PenstockError(
            dict.fromkeys(_with_calls(item, model) for item in problem.diagnostics)
        ) from problem


def _with_calls(item: Diagnostic, model: Model) -> Diagnostic:
    inside = (macro for macro in model.macros if _holds(macro.span, item.span))
    macro = next(inside, None)
    if macro is None:
        return item
    callers = list(dict.fromkeys(_callers(macro, model)))
    names = ", ".join(callers[:3]) + (f" and {len(callers) - 3} more" if len(callers) > 3 else "")
    called = f", called by {names}" if callers else ""
    return replace(item, message=f"{item.message} (in the macro {macro.name}{called})")


def _holds(outer: Span, inner: Span) -> bool:
    return outer.source is inner.source and outer.start <= inner.start and inner.end <= outer.end


def _callers(macro: Macro, model: Model) -> Iterator[str]:
    parts = [part.variables for part in (model, *model.submodels)]
    parts += [part.variables for part in model.macros]
    for variables in parts:
        for variable in variables:
            if any(canonical(call.function) == macro.ident for call in _calls(variable)):
                yield variable.name


def _calls(variable: Variable) -> Iterator[Call]:
    for equation in variable.equations:
        for expr in (equation.expr, equation.rate, equation.initial):
            if expr is not None:
                yield from (node for node in walk(expr) if isinstance(node, Call))

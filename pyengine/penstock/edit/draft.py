"""What edits start from: the text, what its names mean, and models in which one variable is another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from ..errors import PenstockError, error
from ..expr import Expr, Reference, walk
from ..model import Ident, Macro, Model, Stock, Variable, canonical
from ..passes.renaming import expressions_of
from ..place import Source, Span
from ..read import ReadResult
from ..read.expression import Parser
from ..read.lexer import passage
from .meaning import MAIN, Meaning, Scope
from .texts import Text, text_of

EQUATION = "equation"
"""The name of the source that errors in a new equation point into."""


@dataclass(frozen=True)
class Draft:
    read: ReadResult
    format: str | None = None

    @cached_property
    def text(self) -> Text:
        return text_of(self.read, self.format)

    @cached_property
    def meaning(self) -> Meaning:
        return Meaning(self.read.model)

    def expression(self, written: str) -> Expr:
        """An equation's right-hand side in the text's language. Raises what its parser does."""
        parser = Parser(passage(Source(EQUATION, written)), self.text.dialect)
        expr = parser.expression()
        if parser.token.kind in (",", ";"):
            expr = parser.array(expr)
        parser.finish()
        return expr

    def index(self, variable: Variable, subscripts: tuple[str, ...] | None) -> int:
        """Which equation is meant; the only one where no subscripts are given."""
        equations = variable.equations
        if subscripts is None and len(equations) == 1:
            return 0
        wanted = tuple(map(canonical, subscripts or ()))
        for place, item in enumerate(equations):
            if tuple(map(canonical, item.subscripts)) == wanted:
                return place
        known = [f"{variable.name}[{', '.join(item.subscripts)}]" for item in equations if item.subscripts]
        advice = (
            f"Name one of them: {'; '.join(known[:5])}."
            if known
            else "It has no equation with these subscripts."
        )
        raise refused(
            f"an edit of {variable.name}", "it is not clear which of its equations is meant", advice
        )

    def named(self, name: str) -> tuple[Scope, Variable, tuple[str, ...] | None]:
        """A variable by its name, with the subscripts that may stand behind it."""
        try:
            return (*self.meaning.variable(name), None)
        except PenstockError:
            base, bracket, rest = name.partition("[")
            if not bracket:
                raise
            scope, variable = self.meaning.variable(base.strip())
            return scope, variable, tuple(part.strip() for part in rest.rstrip("] ").split(","))

    def where(self, scope: Scope) -> tuple[Variable, ...]:
        return self.meaning.holder(scope).variables

    def flow(self, stock: Stock, name: str) -> bool:
        return canonical(name) in map(canonical, (*stock.inflows, *stock.outflows))


def with_variables(model: Model, scope: Scope, variables: Iterable[Variable]) -> Model:
    """The model with these variables in a scope."""
    made = tuple(variables)
    if scope == MAIN:
        return replace(model, variables=made)
    if scope.kind == "macro":
        return replace(model, macros=tuple(_with(item, scope.ident, made) for item in model.macros))
    return replace(
        model,
        submodels=tuple(
            replace(item, variables=made) if canonical(item.name) == scope.ident else item
            for item in model.submodels
        ),
    )


def _with(macro: Macro, ident: Ident, variables: tuple[Variable, ...]) -> Macro:
    return replace(macro, variables=variables) if macro.ident == ident else macro


def with_variable(draft: Draft, scope: Scope, old: Variable, new: Variable) -> Model:
    """The model with one variable in place of another."""
    variables = (new if item is old else item for item in draft.where(scope))
    return with_variables(draft.read.model, scope, variables)


def references(variable: Variable) -> Iterable[Expr]:
    """All nodes of a variable's expressions."""
    return (node for expr in expressions_of(variable) for node in walk(expr))


def spans_of(variable: Variable, ident: Ident) -> list[Span]:
    """Where a variable refers to another."""
    return [
        node.span
        for node in references(variable)
        if isinstance(node, Reference) and canonical(node.name) == ident
    ]


def refused(edit: str, reason: str, advice: str) -> PenstockError:
    return error("PEN902", edit=edit, reason=reason, advice=advice)

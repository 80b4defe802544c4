"""Functions written once over core operations, for both engines, and the tables they read.

A decorated function describes its body by building nodes; called with nodes, it yields a call of itself.
A program carries only the functions and tables that it uses.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from ..ir import Function, Node, Operand, Statement, call, constant, local
from ..ops import Type

Body = Node | tuple[tuple[Statement, ...], Node]

FUNCTIONS: dict[str, LibraryFunction] = {}
TABLES: dict[str, tuple[float | int, ...]] = {}


class LibraryFunction:
    """A function of the library; its body is built when it is first asked for."""

    def __init__(self, name: str, params: tuple[tuple[str, Type], ...], build: Callable[..., Body]) -> None:
        self.name = name
        self.params = params
        self._build = build

    @cached_property
    def function(self) -> Function:
        built = self._build(*(local(name, type_) for name, type_ in self.params))
        body, value = ((), built) if isinstance(built, Node) else built
        return Function(self.name, self.params, body, value)

    def __call__(self, *args: Operand) -> Node:
        assert len(args) == len(self.params), self.name
        return call(
            self.function,
            *(constant(arg, type_) for arg, (_, type_) in zip(args, self.params, strict=True)),
        )


def function(**params: Type) -> Callable[[Callable[..., Body]], LibraryFunction]:
    """Enter a function into the library under its Python name, with these parameter types in order.

    It returns its result's node or, where it needs statements, (statements, node).
    """

    def enter(build: Callable[..., Body]) -> LibraryFunction:
        name = build.__name__.strip("_")
        assert name not in FUNCTIONS, f"{name} is in the library already"
        FUNCTIONS[name] = LibraryFunction(name, tuple(params.items()), build)
        return FUNCTIONS[name]

    return enter


def table(name: str, values: tuple[float | int, ...]) -> str:
    """Enter a constant table and return the region's name to load from."""
    assert name not in TABLES, f"{name} is in the library already"
    TABLES[name] = values
    return name

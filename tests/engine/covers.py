"""Which rows of the built-in tables have tests of their own, for those that cannot say their value in an example."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., None])


def covers(*rows: str) -> Callable[[Test], Test]:
    """Mark a test as the one of these rows; `covered` finds it in the source."""
    return lambda test: test


def covered() -> set[str]:
    """The rows that decorators of tests name, anywhere below `tests`."""
    found: set[str] = set()
    for file in Path(__file__).resolve().parent.parent.rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "covers":
                found.update(arg.value for arg in node.args if isinstance(arg, ast.Constant))
    return found

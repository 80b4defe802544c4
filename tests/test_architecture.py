"""Imports point one way, and the edges of the system are where they should be; read from the sources."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import penstock

pytestmark = pytest.mark.smoke

ROOT = Path(penstock.__file__).resolve().parent
FILES = sorted(ROOT.rglob("*.py"))

LAYERS: list[set[str]] = [
    {"place", "settings", "ops", "changing"},
    {"errors", "expr", "ir", "abi", "methods", "recall"},
    {"model", "library", "placement"},
    {"units", "rewrite"},
    {"builtins", "program", "protocol"},
    {"spec"},
    {"read"},
    {"passes"},
    {"write"},
    {"vm", "wasm", "results", "document", "layout", "strict"},
    {"drawing"},
    {"chart"},
    {"compiler"},
    {"hosts.instance", "hosts.limits"},
    {"hosts.scan", "hosts.flags"},
    {"hosts.apart"},
    {"hosts.wasmtime", "hosts.webassembly", "hosts.budget"},
    {"engines", "inputs"},
    {"run", "bench", "hints", "analysis"},
    {"halts", "sweep", "hosts.metered", "hosts.process", "hosts.doctor"},
    {"scenario", "ensemble"},
    {"structure", "edit", "batch", "resolver"},
    {"tools", "api"},
    {"export"},
    {"hosts.browser", "hosts", "docs", "site", "notebook"},
    {"hosts.snapshot"},
    {"cli"},
    {"manual"},
    {"__main__", "__init__", "derived"},
]
"""Modules and folders of the package; each may import from the layers above it, and from its own folder."""

OUTSIDE: dict[str, set[str]] = {
    "js": {"hosts/browser.py", "hosts/webassembly.py"},
    "pyodide": {"hosts/browser.py", "hosts/webassembly.py"},
    "pyodide_js": {"hosts/browser.py"},
    "wasmtime": {"hosts/wasmtime.py", "hosts/flags.py", "hosts/apart.py"},
    "defusedxml": {"read/xmile/tree.py"},
    "xml": {"read/xmile/tree.py"},
    "mkdocs": {"docs/mkdocs.py"},
    "sphinx": {"docs/sphinx.py"},
    "docutils": {"docs/sphinx.py"},
    "anywidget": {"notebook.py"},
    "traitlets": {"notebook.py"},
    "numpy": set(),
}
"""Packages, and the only files that may import them at module level."""


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def module_of(file: Path) -> tuple[str, ...]:
    """The module's path in the package: ``passes/lower.py`` is (passes, lower), a package is its folder."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts


def unit_of(module: tuple[str, ...]) -> str:
    """The entry of `LAYERS` that a module belongs to."""
    known = set().union(*LAYERS)
    return next((name for n in (2, 1) if (name := ".".join(module[:n])) in known), ".".join(module))


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imports(file: Path, *, everywhere: bool) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line and absolute path of every import; ours start with ``penstock``.

    Without `everywhere`, those that run when the module is imported: not inside functions, not for types only.
    """
    tree = parsed(file)
    package = ("penstock", *(module_of(file) if file.name == "__init__.py" else module_of(file)[:-1]))
    if file.parent == ROOT:
        package = ("penstock",)
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not everywhere:
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            stack += node.orelse
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, tuple(alias.name.split("."))) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            path = (*base, *(node.module.split(".") if node.module else ()))
            for alias in node.names:
                inner = ROOT.joinpath(*path[1:], alias.name)
                is_module = path[0] == "penstock" and (inner.with_suffix(".py").exists() or inner.is_dir())
                yield node.lineno, (*path, alias.name) if is_module else path
        stack += ast.iter_child_nodes(node)


def test_every_module_has_its_layer() -> None:
    known = set().union(*LAYERS)
    assert sum(map(len, LAYERS)) == len(known)
    strange = {name_of(file) for file in FILES if unit_of(module_of(file)) not in known}
    assert not strange, "say in LAYERS where these stand"


def test_imports_point_one_way() -> None:
    layer = {unit: number for number, units in enumerate(LAYERS) for unit in units}
    wrong = []
    for file in FILES:
        here = unit_of(module_of(file))
        for line, path in imports(file, everywhere=False):
            if path[0] != "penstock":
                continue
            there = unit_of(path[1:]) if len(path) > 1 else "__init__"
            if path == ("penstock",) and here != "__init__":
                continue  # the version, which stands above all imports
            if there != here and layer[there] >= layer[here]:
                wrong.append(f"{name_of(file)}:{line} imports {'.'.join(path)}")
    assert not wrong, "\n".join(wrong)


def test_no_module_imports_itself_in_a_circle() -> None:
    """At import time, not even within a folder."""
    graph: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    modules = {module_of(file) for file in FILES}
    for file in FILES:
        if file == ROOT / "__init__.py":
            continue
        needs = {path[1:] for _, path in imports(file, everywhere=False) if path[0] == "penstock"}
        graph[module_of(file)] = (needs & modules) - {module_of(file)}
    done: set[tuple[str, ...]] = set()
    while ready := {module for module in graph.keys() - done if graph[module] <= done | {("__init__",)}}:
        done |= ready
    assert not graph.keys() - done, sorted(".".join(module) for module in graph.keys() - done)


@pytest.mark.parametrize("package", OUTSIDE)
def test_the_edges_are_where_they_should_be(package: str) -> None:
    found = {
        name_of(file)
        for file in FILES
        if any(path[0] == package for _, path in imports(file, everywhere=package != "numpy"))
    }
    assert found <= OUTSIDE[package]


def test_neither_engine_knows_any_built_in_and_the_passes_know_no_engine() -> None:
    for file in FILES:
        needs = {
            path[1] for _, path in imports(file, everywhere=True) if path[0] == "penstock" and len(path) > 1
        }
        if module_of(file)[0] in ("vm", "wasm"):
            assert not needs & {"builtins", "read", "passes", "model", "expr"}, name_of(file)
        if module_of(file)[0] in ("passes", "library", "builtins", "read"):
            assert not needs & {"vm", "wasm", "hosts", "engines", "run", "cli"}, name_of(file)


def test_the_package_imports_where_there_is_nothing_but_python() -> None:
    """In Pyodide there is neither wasmtime nor, at first, numpy."""
    allowed = {"defusedxml", "wasmtime", "js", "pyodide", "pyodide_js"}
    plugins = {"docs/mkdocs.py", "docs/sphinx.py", "notebook.py"}  # which only their hosts import
    for file in FILES:
        if name_of(file) in plugins:
            continue
        for line, path in imports(file, everywhere=False):
            if path[0] not in ("penstock", "__future__"):
                assert path[0] in sys.stdlib_module_names | allowed, (
                    f"{name_of(file)}:{line} imports {path[0]}"
                )

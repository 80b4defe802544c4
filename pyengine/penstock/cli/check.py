"""`penstock check`: what is wrong with a model, for a person or for an editor."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable

from ..errors import Diagnostic, PenstockError
from ..hints import hints
from ..run import Simulation
from .common import compiled, declare_model

MOST_NAMES = 12
VIOLATED = 2


def declare(parser: argparse.ArgumentParser) -> None:
    declare_model(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--properties",
        nargs="?",
        const="",
        metavar="FILE",
        help="run the model, and report which reality checks of a file do not hold, by default those of "
        "MODEL.properties.toml beside it; exit with 2 if there are any",
    )


def execute(arguments: argparse.Namespace) -> int:
    return _diagnose(arguments) if arguments.properties is None else _check_properties(arguments)


def _check_properties(arguments: argparse.Namespace) -> int:
    from ..scenario.reality import beside, check_model, read_checks

    checks = read_checks(arguments.properties or beside(arguments.model))
    violations = check_model(compiled(arguments), checks)
    if arguments.format == "json":
        rows = [{"name": row.name, "time": row.tick, "details": row.details} for row in violations]
        print(json.dumps({"checks": len(checks), "violations": rows}, ensure_ascii=False, indent=1))
    else:
        for row in violations:
            print(row, file=sys.stderr)
        print(f"{len(checks) - len(violations)} of {len(checks)} reality checks hold")
    return VIOLATED if violations else 0


def _diagnose(arguments: argparse.Namespace) -> int:
    diagnostics: tuple[Diagnostic, ...] = ()
    needing: list[str] = []
    try:
        model = compiled(arguments, partial=True)
        diagnostics = (
            model.findings if model.missing else (*model.warnings, *model.units.findings, *hints(model))
        )
        needing = [item.name for item in model.missing if item.needs]
        with Simulation(model, engine="vm") as simulation:
            simulation.run_initials()  # what is wrong with the clock shows there
    except PenstockError as problem:
        diagnostics += problem.diagnostics
    diagnostics = tuple(sorted(diagnostics, key=lambda item: item.span.start))
    if arguments.format == "json":
        print(json.dumps([item.to_json() for item in diagnostics], ensure_ascii=False, indent=1))
    else:
        _print(diagnostics, needing)
    return int(any(item.severity == "error" for item in diagnostics))


def _print(diagnostics: Iterable[Diagnostic], needing: list[str]) -> None:
    """Each finding; what only needs a variable that has an error is one line together, so that it buries nothing."""
    for item in diagnostics:
        if item.code != "PEN404":
            print(item, file=sys.stderr)
    if needing:
        names = ", ".join(needing[:MOST_NAMES]) + (" …" if len(needing) > MOST_NAMES else "")
        what = "1 more variable needs" if len(needing) == 1 else f"{len(needing)} more variables need"
        print(f"{what} what has an error: {names}", file=sys.stderr)

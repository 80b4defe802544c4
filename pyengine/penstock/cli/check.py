"""`penstock check`: what is wrong with a model, for a person or for an editor."""

from __future__ import annotations

import argparse
import json
import sys

from ..errors import Diagnostic, PenstockError
from ..hints import hints
from ..run import Simulation
from .common import compiled, declare_model


def declare(parser: argparse.ArgumentParser) -> None:
    declare_model(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")


def execute(arguments: argparse.Namespace) -> int:
    diagnostics: tuple[Diagnostic, ...] = ()
    try:
        model = compiled(arguments, partial=True)
        diagnostics = (
            model.findings if model.missing else (*model.warnings, *model.units.findings, *hints(model))
        )
        with Simulation(model, engine="vm") as simulation:
            simulation.run_initials()  # what is wrong with the clock shows there
    except PenstockError as problem:
        diagnostics += problem.diagnostics
    diagnostics = tuple(sorted(diagnostics, key=lambda item: item.span.start))
    if arguments.format == "json":
        print(json.dumps([item.to_json() for item in diagnostics], ensure_ascii=False, indent=1))
    else:
        for item in diagnostics:
            print(item, file=sys.stderr)
    return int(any(item.severity == "error" for item in diagnostics))

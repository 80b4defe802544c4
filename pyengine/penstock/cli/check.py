"""`penstock check`: what is wrong with a model, for a person or for an editor."""

from __future__ import annotations

import argparse
import json
import sys

from ..errors import PenstockError
from ..hints import hints
from .common import compiled, declare_model


def declare(parser: argparse.ArgumentParser) -> None:
    declare_model(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")


def execute(arguments: argparse.Namespace) -> int:
    try:
        model = compiled(arguments)
        diagnostics = (*model.warnings, *hints(model))
    except PenstockError as problem:
        diagnostics = problem.diagnostics
    if arguments.format == "json":
        print(json.dumps([item.to_json() for item in diagnostics], ensure_ascii=False, indent=1))
    else:
        for item in diagnostics:
            print(item, file=sys.stderr)
    return int(any(item.severity == "error" for item in diagnostics))

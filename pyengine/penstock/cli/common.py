"""What commands share: their row, and how they take a model and write a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..compiler import Compiled, compile_file
from ..errors import PenstockError, error
from ..methods import METHODS


@dataclass(frozen=True, slots=True)
class Command:
    """`declare` adds the command's arguments to its parser; `execute` does it and returns the exit status."""

    name: str
    help: str
    declare: Callable[[argparse.ArgumentParser], None]
    execute: Callable[[argparse.Namespace], int]


def declare_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, metavar="MODEL", help="a .mdl, .xmile, .stmx or .pen file")
    parser.add_argument(
        "--data", default="", metavar="FILE,…", help="data files of the run: .dat, .csv, .tab"
    )


def declare_method(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--method", choices=METHODS, help="integrate by it, whatever the model says")


def compiled(arguments: argparse.Namespace) -> Compiled:
    """The model of a command; an empty text for the data files means none."""
    data = [file for file in arguments.data.split(",") if file]
    return compile_file(arguments.model, getattr(arguments, "method", None), data=data)


def warn(model: Compiled) -> None:
    for warning in model.warnings:
        print(warning, file=sys.stderr)


def unwritable(path: Path, problem: OSError) -> PenstockError:
    return error("PEN015", name=path, reason=problem.strerror or problem)

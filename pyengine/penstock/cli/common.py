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


def declare_partial(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--partial",
        action="store_true",
        help="leave out what has errors and what needs it, say so, and go on with the rest",
    )


def compiled(arguments: argparse.Namespace, *, partial: bool = False) -> Compiled:
    """The model of a command; an empty text for the data files means none."""
    data = [file for file in arguments.data.split(",") if file]
    method = getattr(arguments, "method", None)
    return compile_file(arguments.model, method, data=data, partial=partial)


def warn(model: Compiled) -> None:
    """Say what was found, and what of the model is left out."""
    for item in model.findings:
        print(item, file=sys.stderr)
    if model.missing:
        print(left_out(model), file=sys.stderr)


def left_out(model: Compiled) -> str:
    """``1 part has errors and 3 more need it: 4 are left out, 118 variables run.``"""
    wrong = sum(not item.needs for item in model.missing)
    more = len(model.missing) - wrong
    there = sum(not item.hidden for item in model.flat.variables)
    errors = "1 part has" if wrong == 1 else f"{wrong} parts have"
    needs = "needs" if more == 1 else "need"
    return (
        f"{errors} errors and {more} more {needs} {'it' if wrong == 1 else 'them'}: "
        f"{len(model.missing)} left out, {there} variables run."
    )


def unwritable(path: Path, problem: OSError) -> PenstockError:
    return error("PEN015", name=path, reason=problem.strerror or problem)

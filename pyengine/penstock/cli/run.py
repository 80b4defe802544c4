"""`penstock run`: one simulation, its results as CSV."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Generator
from pathlib import Path
from typing import TextIO

from ..compiler import Compiled
from ..errors import error
from ..program import SETTINGS
from ..protocol import DEFAULT_ENGINE, ENGINES
from ..results import Results, element_names
from ..run import slices
from .common import compiled, declare_method, declare_model, declare_partial, unwritable, warn

_AT_COMMAS = re.compile(r",(?![^\[]*\])")  # not at those between subscripts
PROGRESS_SECONDS = 0.5


def declare(parser: argparse.ArgumentParser) -> None:
    declare_model(parser)
    parser.add_argument("--engine", choices=ENGINES, default=DEFAULT_ENGINE)
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="file to write; standard output where left out"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="override a constant or initial value",
    )
    parser.add_argument("--save", metavar="NAME,…", help="variables to write; all where left out")
    for name in SETTINGS:
        kind, metavar = (int, "N") if name == "seed" else (float, "H" if name == "dt" else "T")
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, metavar=metavar)
    declare_method(parser)
    declare_partial(parser)


def execute(arguments: argparse.Namespace) -> int:
    model = compiled(arguments, partial=arguments.partial)
    warn(model)
    steps = slices(
        model,
        engine=arguments.engine,
        overrides=dict(_assignment(text) for text in arguments.set),
        specs={name: getattr(arguments, name) for name in SETTINGS},
        save=_AT_COMMAS.split(arguments.save) if arguments.save else None,
        seconds=PROGRESS_SECONDS,
    )
    results = _with_progress(steps)
    if arguments.out is None:
        _write(model, results, sys.stdout)
    else:
        try:
            with arguments.out.open("w", newline="", encoding="utf-8") as file:
                _write(model, results, file)
        except OSError as problem:
            raise unwritable(arguments.out, problem) from None
    return 0


def _with_progress(steps: Generator[None, None, Results]) -> Results:
    """The outcome of a run; on a terminal, a sign of life while it lasts."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        if sys.stderr.isatty():
            print("\rsimulating …", end="", file=sys.stderr, flush=True)


def _write(model: Compiled, results: Results, file: TextIO) -> None:
    """Columns in the order of the model's file; elements without an equation have none."""
    wanted = set(results.names)
    results.write_csv(file, [name for name in _file_order(model) if name in wanted])


def _file_order(model: Compiled) -> list[str]:
    program = model.program
    return [
        label
        for row in program.variables
        for missing in [frozenset(row.get("missing", ()))]
        for number, label in enumerate(element_names(row["name"], row.get("dims", ()), program.dims))
        if number not in missing
    ]


def _assignment(text: str) -> tuple[str, float]:
    name, separator, value = text.rpartition("=")
    try:
        if not separator:
            raise ValueError
        return name.strip(), float(value)
    except ValueError:
        raise error(
            "PEN514", what="--set", value=text, advice="Write --set NAME=VALUE, as in --set tau=5."
        ) from None

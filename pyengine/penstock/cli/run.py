"""`penstock run`: one simulation, its results as CSV."""

from __future__ import annotations

import argparse
import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TextIO

from ..compiler import Compiled
from ..errors import error
from ..hosts.limits import Limits
from ..hosts.metered import run_metered
from ..program import SETTINGS
from ..protocol import DEFAULT_ENGINE, ENGINES
from ..results import Results, element_names
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
    parser.add_argument(
        "--fuel", type=int, metavar="N", help="instructions, about, that engine wasm may spend"
    )
    parser.add_argument("--memory", type=int, metavar="MB", help="memory that engine wasm may use")
    parser.add_argument("--seconds", type=float, metavar="S", help="time after which engine wasm is stopped")
    parser.add_argument("--fallback", choices=("vm",), help="run on it what fails on engine wasm, and say so")
    parser.add_argument(
        "--metadata", type=Path, metavar="FILE", help="write what the run was and used, as JSON"
    )


def execute(arguments: argparse.Namespace) -> int:
    model = compiled(arguments, partial=arguments.partial)
    warn(model)
    results = _measured(arguments, model)
    if arguments.out is None:
        _write(model, results, sys.stdout)
    else:
        try:
            with arguments.out.open("w", newline="", encoding="utf-8") as file:
                _write(model, results, file)
        except OSError as problem:
            raise unwritable(arguments.out, problem) from None
    return 0


def _measured(arguments: argparse.Namespace, model: Compiled) -> Results:
    """The outcome of the run; its metadata go into a file where one is named."""
    limits = Limits(
        fuel=arguments.fuel,
        memory_bytes=None if arguments.memory is None else arguments.memory * 1_000_000,
        seconds=arguments.seconds,
    )
    if arguments.engine != "wasm" and (limits != Limits() or arguments.fallback):
        advice = "Leave out --fuel, --memory, --seconds and --fallback."
        raise error("PEN514", what="a limit for engine", value=arguments.engine, advice=advice)
    save = _AT_COMMAS.split(arguments.save) if arguments.save else None
    with _sign_of_life():
        results, metadata = run_metered(
            model,
            engine=arguments.engine,
            overrides=dict(_assignment(text) for text in arguments.set),
            specs={name: getattr(arguments, name) for name in SETTINGS},
            save=save,
            limits=limits,
            fallback=arguments.fallback,
        )
    if metadata["fallback_from"]:
        print(f"Engine {metadata['fallback_from']} failed; engine {results.engine} ran.", file=sys.stderr)
    if arguments.metadata is not None:
        try:
            arguments.metadata.write_text(json.dumps(metadata, indent=2) + "\n", encoding="utf-8")
        except OSError as problem:
            raise unwritable(arguments.metadata, problem) from None
    return results


@contextmanager
def _sign_of_life() -> Iterator[None]:
    """On a terminal, a word after half a second; the run itself is one call."""
    timer = threading.Timer(PROGRESS_SECONDS, partial(print, "simulating …", file=sys.stderr, flush=True))
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


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

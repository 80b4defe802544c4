"""The command line: a module for each command, a row for each module.

Exit status: 0 fine, 1 an error in the model or the request, 70 a fault of ours.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from .. import __version__
from ..errors import PenstockError
from . import (
    batch,
    bench,
    calibrate,
    check,
    compile,
    convert,
    docs,
    doctor,
    draw,
    edit,
    ensemble,
    export,
    run,
    scenario,
    tool,
    verify,
)
from .common import Command

FAULT = 70

COMMANDS: tuple[Command, ...] = (
    Command("run", "simulate a model and write its results as CSV", run.declare, run.execute),
    Command("compile", "write a model's blob, a WebAssembly module", compile.declare, compile.execute),
    Command("check", "report what is wrong with a model", check.declare, check.execute),
    Command("convert", "write a model in another format", convert.declare, convert.execute),
    Command("draw", "draw a model's diagram as SVG", draw.declare, draw.execute),
    Command(
        "export", "make a page, files for a page, or a picture of a model", export.declare, export.execute
    ),
    Command("docs", "put live models into pages of documentation", docs.declare, docs.execute),
    Command("edit", "change a model file and keep its formatting", edit.declare, edit.execute),
    Command("tool", "answer a call about models as JSON", tool.declare, tool.execute),
    Command("doctor", "say what this installation can do", doctor.declare, doctor.execute),
    Command(
        "ensemble", "run a model many times, and say what comes of it", ensemble.declare, ensemble.execute
    ),
    Command("batch", "carry out a pipeline of steps from a file", batch.declare, batch.execute),
    Command("calibrate", "fit a model's constants to data", calibrate.declare, calibrate.execute),
    Command("verify", "say whether an ensemble's receipt holds", verify.declare, verify.execute),
    Command("scenario", "run models that talk to each other", scenario.declare, scenario.execute),
    Command(
        "replay", "run a scenario on from a checkpoint", scenario.declare_replay, scenario.execute_replay
    ),
    Command("bench", "time compiling and running on both engines", bench.declare, bench.execute),
)


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parser().parse_args(argv)
    try:
        return arguments.execute(arguments)  # type: ignore[no-any-return]
    except PenstockError as problem:
        print(problem, file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except Exception:
        traceback.print_exc()
        print(
            f"This is a fault of Penstock {__version__}, not of your model. Please report it.",
            file=sys.stderr,
        )
        return FAULT


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Usage errors are the user's, so they exit with 1 like all of those."""
        self.print_usage(sys.stderr)
        self.exit(1, f"{self.prog}: {message}\n")


def parser() -> argparse.ArgumentParser:
    """The parser of all commands, which the manual's page of them is made from too."""
    top = _Parser(prog="penstock", description="System dynamics models, compiled.")
    top.add_argument("--version", action="version", version=f"penstock {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for row in COMMANDS:
        command = commands.add_parser(row.name, help=row.help, description=f"{row.help.capitalize()}.")
        row.declare(command)
        command.set_defaults(execute=row.execute)
    return top

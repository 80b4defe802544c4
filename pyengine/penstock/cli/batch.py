"""`penstock batch`: a pipeline of steps from a file."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ..batch import read_batch, run_batch
from ..batch.running import Status
from ..batch.steps import STRATEGIES
from .common import unwritable


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a batch as a .toml file")
    parser.add_argument(
        "--strategy",
        choices=tuple(STRATEGIES),
        help="; ".join(f"{name}: {meaning}" for name, meaning in STRATEGIES.items()),
    )
    parser.add_argument(
        "--state", type=Path, metavar="DIR", help="keep results of runs there, and make none of them twice"
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="write what became of every step, as JSON"
    )


def execute(arguments: argparse.Namespace) -> int:
    batch = read_batch(arguments.file)

    def say(step: str, status: Status) -> None:
        print(f"{step}: {status}", file=sys.stderr, flush=True)

    report = run_batch(batch, state=arguments.state, strategy=arguments.strategy, listener=say)
    for problem in report.failures.values():
        print(problem, file=sys.stderr)
    if arguments.report is not None:
        content = {
            "status": report.status,
            "metadata": report.metadata,
            "failures": {step: str(problem) for step, problem in report.failures.items()},
            "resumed": report.resumed,
        }
        try:
            arguments.report.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        except OSError as problem:
            raise unwritable(arguments.report, problem) from None
    return 0 if report.fine else 1

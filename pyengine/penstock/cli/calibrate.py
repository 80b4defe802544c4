"""`penstock calibrate`: values of constants with which a model comes closest to data."""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import TextIO

from ..compiler import compile_file
from ..ensemble.files import read_fit
from ..ensemble.fitting import Fit, fit
from .common import unwritable, warn


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a calibration as a .toml file")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="file to write; standard output where left out"
    )


def execute(arguments: argparse.Namespace) -> int:
    file = read_fit(arguments.file)
    model = compile_file(file.model, file.method)
    warn(model)
    found = fit(model, file.spec)
    if arguments.out is None:
        _write(found, file.profiles, sys.stdout)
    else:
        try:
            with arguments.out.open("w", newline="", encoding="utf-8") as out:
                _write(found, file.profiles, out)
        except OSError as problem:
            raise unwritable(arguments.out, problem) from None
    for name in found.at_bound:
        print(f"{name} ended on a bound: widen it, if it is not a natural one.", file=sys.stderr)
    if not found.converged:
        print(
            "The search ended before it had settled: give it better starts, or more of them.", file=sys.stderr
        )
    print(
        f"{found.points} points, sum of squares {found.sum_of_squares:.6g}, {found.evaluations} runs.",
        file=sys.stderr,
    )
    return 0


def _write(found: Fit, profiles: tuple[str, ...], file: TextIO) -> None:
    """A row for each parameter; the 95 % interval only of those profiled."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["parameter", "value", "sd", "low95", "high95"])
    intervals = {profile.name: profile.interval for profile in map(found.profile, profiles)}
    for name, value in found.values.items():
        ends = [f"{end:.17g}" for end in intervals.get(name, ())]
        writer.writerow([name, f"{value:.17g}", f"{found.sd[name]:.17g}", *(ends or ["", ""])])

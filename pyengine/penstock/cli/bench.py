"""`penstock bench`: how long compiling and running take."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL")
    parser.add_argument("--json", action="store_true")


def execute(arguments: argparse.Namespace) -> int:
    from ..bench import bench, table

    rows = [bench(path) for path in arguments.models]
    print(json.dumps(rows, indent=1) if arguments.json else table(rows))
    return 0

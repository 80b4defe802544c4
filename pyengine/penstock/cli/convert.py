"""`penstock convert`: a model in another format, and what that format cannot say of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import error
from ..read import read_file
from ..write import WRITERS, write_text
from .common import unwritable


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", type=Path, metavar="IN", help="the model file to read")
    parser.add_argument("output", type=Path, metavar="OUT", help="the file to write; - for standard output")
    parser.add_argument(
        "--to",
        choices=[row.key for row in WRITERS],
        help="the format, where the ending of OUT does not tell it",
    )


def execute(arguments: argparse.Namespace) -> int:
    output: Path = arguments.output
    to_screen = str(output) == "-"
    if to_screen and arguments.to is None:
        raise error("PEN514", what="convert", value="to standard output", advice="Say --to FORMAT.")
    read = read_file(arguments.input)
    written = write_text(read.model, arguments.to or output.suffix)
    for item in (*read.findings, *written.losses):
        print(item, file=sys.stderr)
    if to_screen:
        sys.stdout.write(written.text)
        return 0
    try:
        output.write_text(written.text, encoding="utf-8", newline="\n")
    except OSError as problem:
        raise unwritable(output, problem) from None
    return 0

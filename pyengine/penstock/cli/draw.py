"""`penstock draw`: a model's diagram as SVG."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..drawing import THEMES, svg
from ..errors import error
from ..layout import diagram
from ..read import read_file
from .common import unwritable


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, metavar="MODEL", help="a .mdl, .xmile, .stmx or .pen file")
    parser.add_argument(
        "output", type=Path, metavar="OUT", help="the SVG file to write; - for standard output"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--view", metavar="N|NAME", help="one view of the file; all of them where left out")
    which.add_argument("--auto", action="store_true", help="lay the model out anew, whatever the file shows")
    parser.add_argument("--theme", choices=sorted(THEMES), default="light")
    parser.add_argument("--width", type=float, metavar="PX", help="width of the picture in pixels")


def execute(arguments: argparse.Namespace) -> int:
    if arguments.width is not None and not 1.0 <= arguments.width <= 100_000.0:
        raise error("PEN514", what="--width", value=arguments.width, advice="Say a width from 1 to 100000.")
    read = read_file(arguments.model)
    for item in read.findings:
        print(item, file=sys.stderr)
    made = diagram(read.model, view=arguments.view, auto=arguments.auto)
    text = svg(made, theme=arguments.theme, width=arguments.width)
    if str(arguments.output) == "-":
        sys.stdout.write(text)
        return 0
    try:
        arguments.output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as problem:
        raise unwritable(arguments.output, problem) from None
    return 0

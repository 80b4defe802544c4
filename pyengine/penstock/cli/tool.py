"""`penstock tool`: the calls that editors and the page make, answered as JSON."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from ..compiler import Compiled, compile_file
from ..errors import error
from ..read.files import load
from ..tools import CALLS, call


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("call", metavar="CALL", help=", ".join(CALLS))
    parser.add_argument("models", nargs="*", type=Path, metavar="MODEL", help="the models it may be about")
    parser.add_argument(
        "--ask",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an argument of the call; its value as JSON, or as text where that is what it is",
    )
    parser.add_argument("--indent", type=int, metavar="N", help="spaces a level; all on one line without")


def execute(arguments: argparse.Namespace) -> int:
    asked = dict(map(_argument, arguments.ask))
    models: dict[str, Compiled] = {}
    if arguments.call == "validate":  # reads what could not be compiled
        for path in arguments.models:
            asked |= {"text": load(path), "name": path.name}
    else:
        models = {model.model_hash: model for model in map(compile_file, arguments.models)}
    answer = call(arguments.call, asked, models)
    print(json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=arguments.indent))
    return 0


def _argument(text: str) -> tuple[str, Any]:
    name, separator, value = text.partition("=")
    if not separator:
        advice = "Write --ask NAME=VALUE, as in --ask name=Population."
        raise error("PEN514", what="--ask", value=text, advice=advice)
    try:
        return name.strip(), json.loads(value)
    except ValueError:
        return name.strip(), value

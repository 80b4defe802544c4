"""`penstock edit`: changes to a model file that keep its author's formatting, each proved by reading it again."""

from __future__ import annotations

import argparse
import inspect
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import edit
from ..edit import Edit
from ..errors import PenstockError, error
from ..read import ReadResult, read_text
from ..read.files import decode, load
from .common import unwritable

_VERBS: Mapping[str, str] = {
    "rename": "another name: OLD NEW",
    "delete": "take a variable out: NAME",
    "extract": "a part of an equation as an auxiliary: START END NAME (characters from 0)",
    "change-kind": "stock, flow, auxiliary or constant: NAME KIND",
    "add": "a new variable: KIND NAME EQUATION",
    "connect": "a flow to a stock: STOCK FLOW in|out",
    "disconnect": "a flow from a stock: STOCK FLOW",
    "set-equation": "another equation: NAME EQUATION",
    "set-units": "other units: NAME UNITS",
    "set-documentation": "other documentation: NAME TEXT",
    "set-range": "the range of a slider: NAME LOW HIGH",
}


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, metavar="MODEL", help="the model file")
    parser.add_argument(
        "verb", choices=_VERBS, metavar="VERB", help="; ".join(f"{k}: {v}" for k, v in _VERBS.items())
    )
    parser.add_argument("words", nargs="*", metavar="WORD", help="what the verb is about")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="an option of the verb, as in Python"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write; the model file when absent")
    parser.add_argument("--dry-run", action="store_true", help="show the changes as JSON, and write nothing")


def execute(arguments: argparse.Namespace) -> int:
    read = read_text(load(arguments.model), arguments.model.name)
    made = _make(read, arguments.verb, arguments.words, arguments.set)
    for item in made.consequences:
        print(item, file=sys.stderr)
    if arguments.dry_run:
        print(json.dumps(made.to_json(), ensure_ascii=False, indent=2))
        return 0
    _write(arguments.model, arguments.out or arguments.model, made)
    return 0


def _make(read: ReadResult, verb: str, words: list[str], options: list[str]) -> Edit:
    make = getattr(edit, verb.replace("-", "_"))
    given: dict[str, Any] = dict(option.partition("=")[::2] for option in options)
    values: list[Any] = list(words)
    if verb in ("extract", "set-range"):
        values = [_number(word) if word.lstrip("-+.")[:1].isdigit() else word for word in words]
    try:
        inspect.signature(make).bind(read, *values, **given)
    except TypeError as problem:
        raise error(
            "PEN514", what=verb, value=" ".join(words), advice=f"{problem}; {_VERBS[verb]}."
        ) from None
    made: Edit = make(read, *values, **given)
    return made


def _number(text: str) -> float:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        raise error("PEN514", what="the number", value=text, advice="Write it as 12 or 0.5.") from None


def _write(source: Path, target: Path, made: Edit) -> None:
    """The file with line ends and byte order mark as they were."""
    raw = source.read_bytes()
    text = made.text
    if b"\r\n" in raw:
        text = text.replace("\n", "\r\n")
    for encoding in ("utf-8-sig", "utf-16", "utf-8", "cp1252"):
        try:
            if _same(raw, encoding):
                target.write_bytes(text.encode(encoding))
                return
        except (UnicodeError, PenstockError):
            continue
        except OSError as problem:
            raise unwritable(target, problem) from None
    raise error("PEN015", name=target, reason="the new text has characters that its encoding lacks")


def _same(raw: bytes, encoding: str) -> bool:
    """Whether a file has an encoding, with the mark that goes with it."""
    return raw.decode(encoding).encode(encoding) == raw and decode(raw) is not None

"""`penstock compile`: a model's blob, as a file or as text."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import error
from .common import compiled, declare_method, declare_model, declare_partial, unwritable, warn


def declare(parser: argparse.ArgumentParser) -> None:
    declare_model(parser)
    declare_method(parser)
    declare_partial(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="the .wasm file to write")
    parser.add_argument(
        "--simd", action="store_true", help="a blob for sweeps: four runs side by side, no rows"
    )
    parser.add_argument("--wat", action="store_true", help="print it as text")


def execute(arguments: argparse.Namespace) -> int:
    if arguments.out is None and not arguments.wat:
        raise error("PEN514", what="compile", value="without --out", advice="Say --out FILE.wasm, or --wat.")
    model = compiled(arguments, partial=arguments.partial)
    warn(model)
    blob = model.lane_blob if arguments.simd else model.blob
    if arguments.out is not None:
        try:
            arguments.out.write_bytes(blob)
        except OSError as problem:
            raise unwritable(arguments.out, problem) from None
    if arguments.wat:
        from ..wasm.text import text

        print(text(blob))
    return 0

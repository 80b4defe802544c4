"""`penstock verify`: whether a receipt holds."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..compiler import compile_file
from ..ensemble.files import read_study
from ..ensemble.receipts import read, verify
from ..ensemble.study import run_study
from ..errors import error
from .common import warn


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("receipt", type=Path, metavar="RECEIPT", help="a file that --receipt wrote")
    parser.add_argument(
        "--study", type=Path, metavar="FILE", help="make this study's runs again, and compare"
    )
    parser.add_argument("--key", metavar="HEX", help="the public key that must have signed it")


def execute(arguments: argparse.Namespace) -> int:
    try:
        made = read(arguments.receipt.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise error("PEN001", name=arguments.receipt.name, reason=reason) from None
    try:
        key = None if arguments.key is None else bytes.fromhex(arguments.key)
    except ValueError:
        advice = "Write it as 64 hexadecimal digits."
        raise error("PEN514", what="--key", value=arguments.key[:70], advice=advice) from None
    results = None
    if arguments.study is not None:
        study = read_study(arguments.study)
        model = compile_file(study.model, study.method, data=study.data)
        warn(model)
        outcome = run_study(model, study.spec)
        if (made.get("model"), made.get("parameters")) != (model.model_hash, study.spec.to_json()):
            raise error(
                "PEN534", reason="it is for another model or study", advice="Name the study it was for."
            )
        results = outcome.results_bytes()
    verify(made, results, key)
    signature = "signed" if "signature" in made else "not signed"
    print(f"The receipt holds; {signature}, {'runs made again' if results else 'runs not made again'}.")
    return 0

"""`penstock ensemble`: many runs of a model, as a study file or a few options say."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ..compiler import Compiled, compile_file
from ..ensemble.collector import Collector
from ..ensemble.files import KINDS, StudyFile, read_study, study_of
from ..ensemble.outcome import Outcome
from ..ensemble.points import SAMPLERS
from ..ensemble.receipts import text_of
from ..ensemble.screening import screen_policies
from ..ensemble.sensitivity import local_sensitivity, sobol_indices
from ..ensemble.study import Progress, run_study
from ..errors import error
from ..strict import Table
from .common import unwritable, warn

_BAR = 30


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE|MODEL",
        help="a study as a .toml file, or a model and the options below",
    )
    parser.add_argument("--kind", choices=tuple(KINDS), help="; ".join(f"{k}: {v}" for k, v in KINDS.items()))
    parser.add_argument(
        "--vary",
        action="append",
        default=[],
        metavar="NAME=KIND(…)",
        help="an input and its distribution, as in --vary 'tau=uniform(5, 15)'",
    )
    parser.add_argument(
        "--look", action="append", default=[], metavar="NAME", help="an output; may be given more than once"
    )
    parser.add_argument("--runs", type=int, metavar="N")
    parser.add_argument("--seed", type=int, metavar="N")
    parser.add_argument("--sampling", choices=tuple(SAMPLERS))
    parser.add_argument(
        "--workers", type=int, metavar="N", help="processes to use; as many as cores unless given"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="statistics, as .csv or .parquet")
    parser.add_argument("--runs-out", type=Path, metavar="FILE", help="every run, as .csv or .parquet")
    parser.add_argument("--receipt", type=Path, metavar="FILE", help="what proves the results, as JSON")
    parser.add_argument(
        "--key",
        type=Path,
        metavar="FILE",
        help="sign the receipt with this Ed25519 key, 64 hexadecimal digits",
    )

    parser.add_argument(
        "--collector", metavar="URL", help="send every chunk's results there; to nobody unless given"
    )


def execute(arguments: argparse.Namespace) -> int:
    study = _study(arguments)
    model = compile_file(study.model, study.method, data=study.data)
    warn(model)
    bar = _bar if sys.stderr.isatty() else None
    if study.kind == "montecarlo":
        collector = None if arguments.collector is None else Collector(arguments.collector)
        outcome = run_study(model, study.spec, workers=arguments.workers, progress=bar, collector=collector)
        _report(outcome, arguments)
        if collector is not None:
            told = ", ".join(f"{count} {what}" for what, count in collector.outcomes.items())
            print(f"Chunks sent to {collector.address}: {told}.", file=sys.stderr)
        return 1 if outcome.gaps else 0
    rows = _ROWS[study.kind](model, study, bar)
    if arguments.runs_out or arguments.receipt:
        advice = "Leave out --runs-out and --receipt."
        raise error("PEN514", what="an output for kind", value=study.kind, advice=advice)
    _write_rows(rows, arguments.out)
    return 0


def _study(arguments: argparse.Namespace) -> StudyFile:
    """The file's study with what the options change, or the options' own."""
    changes = {
        name: getattr(arguments, name)
        for name in ("runs", "seed", "sampling")
        if getattr(arguments, name) is not None
    }
    if arguments.file.suffix.lower() == ".toml":
        if arguments.vary or arguments.look or arguments.kind:
            advice = "Write them into the study file, or name a model instead of it."
            raise error("PEN514", what="an option beside", value=arguments.file.name, advice=advice)
        study = read_study(arguments.file)
        return replace(study, spec=replace(study.spec, **changes))
    inputs: dict[str, str] = {}
    for text in arguments.vary:
        name, equals, kind = text.partition("=")
        if not equals:
            advice = "Write --vary 'NAME=KIND(…)', as in --vary 'tau=uniform(5, 15)'."
            raise error("PEN514", what="--vary", value=text, advice=advice)
        inputs[name.strip()] = kind
    content: dict[str, Any] = {"model": str(arguments.file), "inputs": inputs, "outputs": arguments.look}
    content["kind"] = arguments.kind or "montecarlo"
    return study_of(Table(content | changes), Path())


def _local(model: Compiled, study: StudyFile, bar: Callable[[Progress], None] | None) -> list[dict[str, Any]]:
    return local_sensitivity(model, study.spec, step=study.step, progress=bar).rows()


def _sobol(model: Compiled, study: StudyFile, bar: Callable[[Progress], None] | None) -> list[dict[str, Any]]:
    return sobol_indices(model, study.spec, progress=bar).rows()


def _screening(
    model: Compiled, study: StudyFile, bar: Callable[[Progress], None] | None
) -> list[dict[str, Any]]:
    assert study.policies is not None and study.measure is not None
    found = screen_policies(
        model,
        study.spec,
        study.policies,
        study.measure,
        better=study.better,
        confidence=study.confidence,
        progress=bar,
    )
    return [asdict(standing) for standing in found.standings]


_ROWS: Mapping[
    str, Callable[[Compiled, StudyFile, Callable[[Progress], None] | None], list[dict[str, Any]]]
] = {"local": _local, "sobol": _sobol, "screening": _screening}


def _bar(progress: Progress) -> None:
    share = progress.done / max(progress.total, 1)
    filled = int(_BAR * share)
    line = f"\r{'█' * filled}{'·' * (_BAR - filled)} {progress.done} of {progress.total} runs"
    end = "\n" if progress.done >= progress.total else ""
    print(line, end=end, file=sys.stderr, flush=True)


def _report(outcome: Outcome, arguments: argparse.Namespace) -> None:
    for path, runs in ((arguments.out, False), (arguments.runs_out, True)):
        if path is not None and path.suffix.lower() == ".parquet":
            outcome.to_parquet(path, runs)
        elif path is not None:
            outcome.to_csv(path, runs)
    if arguments.out is None:
        outcome.write_csv(sys.stdout)
    if arguments.receipt is not None:
        _write(arguments.receipt, text_of(outcome.receipt(_key(arguments.key))))
    if outcome.stopped:
        print(f"Accurate enough after {outcome.runs} runs.", file=sys.stderr)
    if outcome.failures:
        run, reason = next(iter(outcome.failures.items()))
        print(f"{len(outcome.failures)} runs failed; run {run}: {reason}", file=sys.stderr)


def _key(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        return bytes.fromhex(path.read_text(encoding="ascii"))
    except OSError as problem:
        raise error("PEN001", name=path, reason=problem.strerror or problem) from None
    except ValueError:
        advice = "Write the key as 64 hexadecimal digits."
        raise error("PEN514", what="the key in", value=path, advice=advice) from None


def _write_rows(rows: Iterable[Mapping[str, Any]], path: Path | None) -> None:
    from io import StringIO

    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, row in enumerate(rows):
        if not number:
            writer.writerow(row)
        writer.writerow([f"{x:.17g}" if isinstance(x, float) else x for x in row.values()])
    if path is None:
        sys.stdout.write(text.getvalue())
    else:
        _write(path, text.getvalue())


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise unwritable(path, problem) from None

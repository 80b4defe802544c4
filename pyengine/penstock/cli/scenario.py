"""`penstock scenario` and `penstock replay`: models that talk to each other, run and run again from a checkpoint.

Exit status: 0 fine, 1 an error in the scenario or the request, 2 a property or a check of the contract was violated.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

VIOLATED = 2


def declare(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    run = actions.add_parser("run", help="run a scenario file, and write its trace")
    run.add_argument("scenario", type=Path, metavar="FILE")
    run.add_argument(
        "--output", type=Path, help="where the trace goes, instead of the scenario's own output.file"
    )
    run.add_argument("--pretty", action="store_true", help="write indented JSON")
    run.add_argument("--seed", type=int, help="another seed than the scenario's")
    run.add_argument("--checkpoints", type=Path, metavar="DIR", help="write the interval's checkpoints here")
    run.add_argument("--transcript", type=Path, metavar="OUT", help="write a line of JSON for every message")


def declare_replay(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", type=Path, required=True, metavar="FILE")
    parser.add_argument("--scenario", type=Path, required=True, metavar="FILE")
    parser.add_argument("--rounds", type=int, metavar="N", help="so many rounds, not all that remain")
    parser.add_argument("--json", action="store_true", help="print the trace as JSON")
    parser.add_argument(
        "--verify",
        action="store_true",
        help="run from the start as well, and compare the traces at the checkpoint and after it",
    )


def execute(arguments: argparse.Namespace) -> int:
    from dataclasses import replace

    from ..scenario import read_scenario, run_scenario

    scenario = read_scenario(arguments.scenario)
    if arguments.seed is not None:
        scenario = replace(scenario, seed=arguments.seed)
    folder = arguments.scenario.parent
    checkpoints = arguments.checkpoints
    if checkpoints is None and scenario.checkpoint_interval is not None:
        checkpoints = folder / "artifacts" / scenario.name
    result = run_scenario(scenario, folder=folder, checkpoints=checkpoints)
    if arguments.transcript:
        lines = (json.dumps(line.to_json()) for line in result.transcript)
        _write(arguments.transcript, "".join(f"{line}\n" for line in lines))
    text = _text(result, scenario.output_format, arguments.pretty)
    out = arguments.output or (folder / scenario.output_file if scenario.output_file else None)
    if out is None:
        print(text)
    else:
        _write(out, text + "\n")
    return _report(result)


def execute_replay(arguments: argparse.Namespace) -> int:
    from ..scenario import read_checkpoint, read_scenario, resume

    scenario = read_scenario(arguments.scenario)
    document = read_checkpoint(arguments.checkpoint)
    folder = arguments.scenario.parent
    result = resume(scenario, document, rounds=arguments.rounds, folder=folder)
    if arguments.json:
        print(_text(result, "json", False))
    else:
        print(f"tick {document['tick']} to {result.stats['final_tick']}, trace {result.trace.sha256}")
    if arguments.verify:
        _verify(scenario, document, result, folder)
    return _report(result)


def _verify(scenario: Any, document: dict[str, Any], result: Any, folder: Path) -> None:
    """Raises PEN553 where a run from the start does not go through the checkpoint, or goes on otherwise."""
    from ..errors import error
    from ..scenario import save_checkpoint, start

    advice = "The checkpoint was not made by this scenario with these models, or this is a fault of Penstock."
    run = start(scenario, folder=folder)
    run.begin()
    while run.tick < document["tick"]:
        run.round()
    here = json.loads(json.dumps(save_checkpoint(run)))
    differing = [key for key in document if key != "sha256" and document[key] != here[key]]
    if differing:
        reason = f"a run from the start has other {', '.join(differing)} at tick {run.tick}"
        raise error("PEN553", name="given", reason=reason, advice=advice)
    first = len(run.trace.records)
    while run.tick < result.stats["final_tick"]:
        run.round()
    run.trace.records = run.trace.records[first:]
    found = result.trace.first_divergence(run.trace)
    if found is not None:
        reason = f"the rest of the run parts at step {found.step}, {found.role}, value {found.index}"
        raise error("PEN553", name="given", reason=reason, advice=advice)
    print("verified: the same from the start, to the bit")


def _text(result: Any, format: str, pretty: bool) -> str:
    if format == "jsonl":
        return "\n".join(result.trace.to_jsonl())
    document = {
        "trace": result.trace.to_json(),
        "violations": [
            {"name": row.name, "tick": row.tick, "details": row.details} for row in result.violations
        ],
        "stats": result.stats,
    }
    return json.dumps(document, indent=1 if pretty else None)


def _report(result: Any) -> int:
    import sys

    for row in result.violations:
        print(row, file=sys.stderr)
    return VIOLATED if result.violations else 0


def _write(path: Path, text: str) -> None:
    from ..errors import error

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise error("PEN015", name=str(path), reason=str(problem)) from None

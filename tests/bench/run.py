"""`python build.py bench`: everything that is fast or slow, beside the peers that can be installed.

Prints a line for each number and writes .build/bench.json; `--write` the page of the manual too. Nothing here fails
because a machine is slow, except `--check`, which holds the page's targets twice over.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

import build
from bench import counters, peers, report
from bench.parts import PARTS, Row, Setting

FILE = build.BUILD / "bench.json"
MANUAL = build.WEB / "manual"
MODELS = {".mdl", ".xmile", ".stmx", ".pen"}


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    if options.counters:
        counters.renew()
        return 0
    parts = ["page"] if options.check else options.only or list(PARTS)
    pythons, absent = peers.installed(build.BUILD / "peers") if {"blobs", "pysd"} & {*parts} else ({}, {})
    for name, reason in absent.items():
        print(f"without {name}: {reason}")
    setting = Setting(
        tuple(options.models or _models(options.bench_models)),
        build.find_node().node,
        build.DIST,
        build.find_chromium(),
        build.BUILD / "snapshot.bin",
        pythons,
    )
    rows: list[Row] = []
    for part in parts:
        print(f"{part}: {(PARTS[part].__doc__ or '').partition(chr(10))[0]}", flush=True)
        for row in PARTS[part](setting):
            rows.append(row)
            print(report.line(row), flush=True)
    about = _about()
    kept = {"about": about, "absent": absent, "rows": [asdict(row) | {"ratio": row.ratio} for row in rows]}
    FILE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    if options.write:
        (MANUAL / "benchmarks.md").write_text(report.manual(rows, about, absent), encoding="utf-8")
        (MANUAL / "images/benchmarks.svg").write_text(report.picture(rows), encoding="utf-8")
    missed = [row for row in rows if row.target is not None and row.value > 2 * row.target]
    if options.check and missed:
        print("more than twice the target:", *map(report.line, missed), sep="\n", file=sys.stderr)
    return int(options.check and bool(missed))


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="build.py bench", description=(__doc__ or "").partition("\n")[0])
    given = os.environ.get("PENSTOCK_BENCH_MODELS")
    add = parser.add_argument
    add("models", nargs="*", type=Path, metavar="MODEL", help="instead of a folder's, or the samples")
    add("--bench-models", type=Path, metavar="DIR", default=given and Path(given), help="a folder of models")
    add("--only", nargs="+", choices=PARTS, metavar="PART", help=", ".join(PARTS))
    add("--check", action="store_true", help="only the page; fails beyond twice a target")
    add("--counters", action="store_true", help="renew tests/bench/counters.json and do nothing else")
    add("--write", action="store_true", help="write the manual's page and picture")
    return parser.parse_args(arguments)


def _models(folder: Path | None) -> list[Path]:
    folder = folder or build.SAMPLES
    found = sorted(path for path in folder.iterdir() if path.suffix in MODELS)
    return sorted(found, key=lambda path: path.stat().st_size)


def _about() -> dict[str, str]:
    return {
        "Date": date.today().isoformat(),
        "Machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "Load": f"{os.getloadavg()[0]:.1f} processes in the last minute"
        if hasattr(os, "getloadavg")
        else "unknown",
        "CPython": platform.python_version(),
        "Node": build.run(build.find_node().node, "--version", capture=True).strip(),
        "Peers": ", ".join(wanted[0] for wanted in peers.PEERS.values()),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

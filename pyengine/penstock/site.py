"""What the static site needs of the sample models: for each a blob, its document and diagram, and an index of all.

`python -m penstock.site SAMPLES OUT` writes `NAME.wasm`, `NAME.json` and `NAME.diagram.json` for every model in
SAMPLES, `index.json`, a list of ``{name, title, description}``, and `gallery.json`, a list of what a card of each
shows: counts, the run's length, and curves.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .compiler import Compiled, compile_file
from .read import FORMATS
from .run import simulate
from .tools.diagrams import describe_diagram

POINTS = 96
"""Of a card's curve, evenly spread over the run."""

TOP = 1000
"""A card's values are whole numbers from 0 to this."""

MOST_CURVES = 3

ENDINGS = {ending for row in FORMATS for ending in row.endings}


def write_samples(samples: Path, out: Path) -> list[str]:
    """Returns the names written, in the order of the files' names. Raises `PenstockError`."""
    out.mkdir(parents=True, exist_ok=True)
    index, cards = [], []
    for path in sorted(samples.iterdir()):
        if path.suffix not in ENDINGS:
            continue
        compiled = compile_file(path)
        (out / f"{path.stem}.wasm").write_bytes(compiled.blob)
        document = json.dumps(compiled.document, ensure_ascii=False)
        (out / f"{path.stem}.json").write_text(document, encoding="utf-8")
        picture = json.dumps(describe_diagram(compiled), ensure_ascii=False, separators=(",", ":"))
        (out / f"{path.stem}.diagram.json").write_text(picture, encoding="utf-8")
        index.append(
            {"name": path.stem, "title": compiled.model.name, "description": compiled.model.documentation}
        )
        cards.append({"name": path.stem, **card(compiled)})
    (out / "index.json").write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")
    (out / "gallery.json").write_text(json.dumps(cards, ensure_ascii=False), encoding="utf-8")
    return [row["name"] for row in index]


def card(compiled: Compiled) -> dict[str, Any]:
    """What the gallery shows of a model beside its diagram. Curves of one unit share a scale from zero up."""
    program, results = compiled.program, simulate(compiled)
    times = results.series(results.columns[0])
    stocks = [row for row in program.variables if row["kind"] == "stock"]
    names = [row["name"] for row in stocks if not row.get("dims") and row["name"] in results.columns]
    units = {variable.name: variable.units for variable in compiled.model.variables}
    series = {name: results.series(name) for name in names[:MOST_CURVES]}
    tallest: dict[str, float] = {}
    for name, values in series.items():
        tallest[units[name]] = max(tallest.get(units[name], 0.0), *values)
    return {
        "stocks": len(stocks),
        "sliders": sum(variable.slider is not None for variable in compiled.model.variables),
        "span": times[-1] - times[0],
        "units": compiled.model.specs.time_units,
        "curves": [
            {"name": name, "values": _thinned(values, tallest[units[name]])}
            for name, values in series.items()
        ],
    }


def _thinned(values: Sequence[float], top: float) -> list[int]:
    """Points between saved rows lie on the line between them."""
    thinned = []
    for at in range(POINTS):
        row, share = divmod(at * (len(values) - 1) / (POINTS - 1), 1.0)
        before, after = values[int(row)], values[min(int(row) + 1, len(values) - 1)]
        thinned.append(max(0, min(TOP, round(TOP * (before + (after - before) * share) / (top or 1.0)))))
    return thinned


if __name__ == "__main__":
    write_samples(Path(sys.argv[1]), Path(sys.argv[2]))

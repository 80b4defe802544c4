"""The benchmarks for reading: lines for a terminal, a page and a picture for the manual."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from math import log10

from bench.parts import PARTS, Row


def number(value: float) -> str:
    """Three digits, or all of what stands before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def line(row: Row) -> str:
    text = f"  {row.model or '–':<22} {row.measure:<42} {number(row.value):>12} {row.unit}"
    if row.ratio is not None and row.peer_value is not None:
        text += f"   {row.peer} {number(row.peer_value)} {row.unit}, ratio {row.ratio:.3g}"
    if row.target is not None:
        text += f"   target ≤ {number(row.target)}"
    return text


def manual(rows: Sequence[Row], about: dict[str, str], absent: dict[str, str]) -> str:
    """The page of the manual; `about` is machine, versions and date."""
    lines = [
        "# Benchmarks",
        "",
        "Made by `python build.py bench --write`; the numbers are those that were measured then. Times depend on the",
        "machine: compare the ratios. Blobs run in turn in one process; the others run one after the other.",
        "",
        *(f"- {name}: {value}" for name, value in about.items()),
        *(f"- {name} was not there: {reason}" for name, reason in absent.items()),
        "",
        "![How many times faster than each peer](images/benchmarks.svg)",
    ]
    for part, measure in PARTS.items():
        chosen = [row for row in rows if row.part == part]
        if chosen:
            lines += ["", f"## {(measure.__doc__ or part).partition(chr(10))[0]}", "", *_table(chosen)]
    return "\n".join(lines) + "\n"


def _table(rows: Sequence[Row]) -> Iterable[str]:
    yield "| model | measure | Penstock | peer | ratio | target |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    for row in rows:
        peer = "" if row.peer_value is None else f"{row.peer} {number(row.peer_value)} {row.unit}".strip()
        ratio = "" if row.ratio is None else f"{row.ratio:.3g}"
        target = "" if row.target is None else f"≤ {number(row.target)}"
        yield f"| {row.model} | {row.measure} | {number(row.value)} {row.unit} | {peer} | {ratio} | {target} |"


WIDTH, BAR, LEFT = 720, 20, 250


def picture(rows: Iterable[Row]) -> str:
    """Bars on a logarithmic scale: how many times longer a peer takes for a run."""
    bars = [(row, row.peer_value / row.value) for row in rows if row.measure == "run" and row.peer_value]
    decades = max([2, *(int(log10(times)) + 1 for _, times in bars)])
    scale = (WIDTH - LEFT - 70) / decades
    height = BAR * (len(bars) + 2)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        'font-size="12" role="img">',
        "<title>How many times longer a peer takes for a run</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
    for decade in range(decades + 1):
        x = LEFT + decade * scale
        parts.append(f'<path d="M{x:.1f} {BAR}V{height - BAR}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="14" text-anchor="middle" fill="#555">{10**decade:,}×</text>')
    for place, (row, times) in enumerate(bars, 1):
        y, length = BAR * place + 4, max(1.0, log10(max(times, 1.0)) * scale)
        text = f'<text x="{LEFT - 8}" y="{y + 12}" text-anchor="end" fill="#222">'
        parts.append(f"{text}{escape(row.model)}, {escape(row.peer)}</text>")
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR - 5}" fill="#0067a8"/>')
        parts.append(f'<text x="{LEFT + length + 5:.1f}" y="{y + 12}" fill="#222">{number(times)}×</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"

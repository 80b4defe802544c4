"""What the benchmarks write for the manual is right about ratios and safe to show."""

import xml.etree.ElementTree as ElementTree

from bench import report
from bench.parts import Row

ROWS = [
    Row("blobs", "<b>&.mdl", "run", 2.0, "µs", "Simlin", 8.0),
    Row("engines", "slow.mdl", "run", 3.0, "ms", "Penstock's VM", 1.5),
    Row("page", "", "layout shift", 0.008, "", target=0.02),
]


def test_a_ratio_is_ours_to_the_peers() -> None:
    assert [row.ratio for row in ROWS] == [0.25, 2.0, None]
    text = report.manual(ROWS, {"Date": "2026-01-01"}, {"pysd": "no network"})
    assert "| 2 µs | Simlin 8 µs | 0.25 |  |" in text
    assert "pysd was not there: no network" in text
    assert "≤ 0.02" in text


def test_the_picture_is_well_formed_whatever_a_model_is_called_and_shows_who_is_slower() -> None:
    root = ElementTree.fromstring(report.picture(ROWS))
    texts = [element.text for element in root.iter() if element.text]
    assert "<b>&.mdl, Simlin" in texts
    assert {"4×", "0.5×"} <= set(texts)


def test_numbers_keep_three_digits() -> None:
    shown = [report.number(value) for value in (0, 0.0123, 0.5, 3.14159, 31.4159, 314.159, 31415.9)]
    assert shown == ["0", "0.0123", "0.5", "3.14", "31.4", "314", "31,416"]

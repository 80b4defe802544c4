"""What does not depend on the machine: instructions that a run takes, and bytes of a blob."""

import shutil
from pathlib import Path

import pytest

from bench.bench import instructions, line, measured, sizes
from engine.models import EVERYTHING, SIR, TEACUP, compiled

PLACES = ", ".join(f"p{number}" for number in range(200))
GRID = f"""\
model Grid
time 0 to 50 by 0.5 save every 5
dim place = {PLACES}
stock level[place] = place
  in filling
  out draining
flow filling[place] = gap[place] * rate
flow draining[place] = level[place] * rate / 3
aux gap[place] = 100 - level[place]
const rate = 0.01
"""

COUNTERS = {
    "teacup": (TEACUP, 31_004, 2_860),
    "sir": (SIR, 100_125, 3_298),
    "everything": (EVERYTHING, 38_450, 8_078),
    "grid": (GRID, 1_889_922, 3_695),
}
"""Each model's instructions and bytes without custom sections, as last measured."""


@pytest.mark.parametrize("name", COUNTERS)
def test_runs_take_no_more_instructions_and_blobs_no_more_bytes_than_they_did(name: str) -> None:
    text, known_instructions, known_bytes = COUNTERS[name]
    model = compiled(text)
    found = instructions(model), sizes(model)["bytes_without_custom"]
    for now, known in zip(found, (known_instructions, known_bytes), strict=True):
        assert now <= 1.05 * known, f"{found}: this became slower or larger"
        assert now >= 0.9 * known, f"{found}: better; enter it in the table"


def test_without_the_peer_the_rest_is_measured_and_it_is_said(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    file = tmp_path / "teacup.pen"
    file.write_text(TEACUP)
    row = measured(file, tmp_path, node, "/nowhere/python")
    assert row["rows"] == 241
    assert row["us"] > 0
    assert "no peer" in line(row)

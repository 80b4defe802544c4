"""Nothing that is counted of the samples has grown unnoticed: the speed of any machine plays no part in it."""

import json

import pytest

from bench import counters

KEPT: dict[str, dict[str, int]] = json.loads(counters.FILE.read_text(encoding="utf-8"))
RENEW = "renew the counters with `python build.py bench --counters`"


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, int]]:
    return counters.in_new_process(name for name in KEPT if (counters.SAMPLES / name).exists())


@pytest.mark.parametrize("counter", counters.MEANINGS)
def test_a_counter_has_not_grown_by_more_than_the_margin(
    found: dict[str, dict[str, int]], counter: str
) -> None:
    grown = {
        name: f"{row[counter]:,}, was {KEPT[name][counter]:,}"
        for name, row in found.items()
        if row[counter] > KEPT[name][counter] * (1 + counters.MARGIN)
    }
    assert not grown, f"{counter}, {counters.MEANINGS[counter]}, grew; where that is worth it, {RENEW}"


def test_every_sample_is_counted() -> None:
    assert {path.name for path in counters.SAMPLES.glob("*.pen")} <= set(KEPT), RENEW

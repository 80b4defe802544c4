"""A branch leaves a run at a time and goes on with other values: as if they had been set in the run itself, then."""

import math
from collections.abc import Mapping
from typing import Any

import pytest

from engine.bits import assert_same
from engine.models import ENGINE_NAMES, EVERYTHING, METHOD_NAMES, compiled
from engine.test_lockstep import VARYING_CLOCK
from engine.test_snapshots import KEEPING
from penstock.errors import PenstockError
from penstock.run import simulate

TEXTS: Mapping[str, tuple[str, dict[str, float]]] = {
    "everything": (EVERYTHING, {"rate": 0.5}),
    "keeping": (KEEPING, {"pause": 3.5}),
    "varying clock": (VARYING_CLOCK, {}),
}


@pytest.mark.parametrize("method", METHOD_NAMES[:4])
@pytest.mark.parametrize("title", TEXTS)
@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_a_branch_is_the_run_with_the_values_set_then(engine: str, title: str, method: str) -> None:
    text, values = TEXTS[title]
    model = compiled(text, method)
    before = simulate(model, engine=engine)
    times = before["time"]
    for row in (0, 1, len(times) // 2, len(times) - 1):
        at = times[row]
        set_then: list[dict[str, Any]] = [
            {"name": name, "value": value, "at": at} for name, value in values.items()
        ]
        expected = simulate(model, engine=engine, overrides=set_then)
        branch = {"at": at, "values": [{"name": name, "value": value} for name, value in values.items()]}
        found = simulate(model, engine=engine, branch=branch)
        assert found.rows == expected.rows - row
        for name in expected.columns:
            if name in found.columns:
                assert_same(found[name], expected[name][row:], f"{name} from row {row}")


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_a_branch_may_leave_between_rows_and_then_begins_there(engine: str) -> None:
    model = compiled(EVERYTHING)
    found = simulate(model, engine=engine, branch={"at": 4.3, "values": [{"name": "rate", "value": 0.7}]})
    assert list(found["time"][:3]) == [4.25, 4.5, 5.0]
    assert found["rate"][0] == 0.7


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_what_a_branch_cannot_do_is_said(engine: str) -> None:
    model = compiled(EVERYTHING)
    for at, name, value, code in (
        (math.nan, "rate", 1.0, "PEN504"),
        (3.0, "level", 1.0, "PEN503"),
        (3.0, "demand", 1.0, "PEN502"),
    ):
        with pytest.raises(PenstockError, match=code):
            simulate(model, engine=engine, branch={"at": at, "values": [{"name": name, "value": value}]})

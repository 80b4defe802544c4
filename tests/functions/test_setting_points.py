"""Points of lookups are moved without compiling anew."""

import pytest

from penstock.compiler import compile_text
from penstock.errors import PenstockError
from penstock.run import Simulation

TEXT = """\
model Curve
time 0 to 10 by 1
dim place = near, far
lookup curve = (0, 0) (10, 10)
lookup each[near] = (0, 1) (10, 1)
lookup each[far] = (0, 2) (10, 2)
aux height = curve(time)
aux level[place] = each[place](time)
aux fixed = curve(5)
"""

engines = pytest.mark.parametrize("engine", ["vm", "wasm"])


@engines
def test_moved_points_bend_the_curve_from_the_next_step_on(engine: str) -> None:
    with Simulation(compile_text(TEXT, "curve.pen"), engine) as simulation:
        simulation.run_to(4)
        simulation.set_point("curve", 1, y=20)
        simulation.set_point("each[far]", 0, y=7)
        simulation.run()
        assert list(simulation.series("height")) == [2.0 * time for time in range(11)]
        assert list(simulation.series("level[far]"))[:3] == [7.0, 6.5, 6.0]
        assert set(simulation.series("level[near]")) == {1.0}
        simulation.set_point("curve", 1, x=5, y=10)
        simulation.run()
        assert list(simulation.series("height")) == [2.0 * min(time, 5) for time in range(11)]
        simulation.clear_values()
        simulation.run()
        assert list(simulation.series("height")) == list(range(11))


@engines
def test_what_does_not_vary_shows_both_values_after_a_point_moved_during_a_run(engine: str) -> None:
    with Simulation(compile_text(TEXT, "curve.pen"), engine) as simulation:
        simulation.run_to(4)
        simulation.set_point("curve", 1, y=30)
        simulation.run_to(10)
        assert list(simulation.series("fixed")) == [5.0] * 5 + [15.0] * 6
        assert list(simulation.series("height")) == [0, 1, 2, 3, 4, *(3.0 * time for time in range(5, 11))]


@pytest.mark.parametrize(
    ("name", "index", "x", "code"),
    [
        ("curve", 1, -1.0, "PEN504"),
        ("curve", 1, float("nan"), "PEN504"),
        ("curve", 2, 1.0, "PEN514"),
        ("curve", -1, 1.0, "PEN514"),
        ("height", 0, 1.0, "PEN201"),
        ("each", 0, 1.0, "PEN201"),
    ],
)
@engines
def test_points_that_cannot_be_are_refused(engine: str, name: str, index: int, x: float, code: str) -> None:
    with Simulation(compile_text(TEXT, "curve.pen"), engine) as simulation:
        with pytest.raises(PenstockError) as caught:
            simulation.set_point(name, index, x=x)
        assert [item.code for item in caught.value.diagnostics] == [code]
        simulation.run()
        assert list(simulation.series("height")) == list(range(11))


@engines
def test_points_that_the_clock_follows_from_must_come_before_the_run(engine: str) -> None:
    text = "time 0 to ending(2) by 1\nlookup ending = (0, 0) (4, 8)\nstock level = 1\n  net 1\n"
    with Simulation(compile_text(text, "clock.pen"), engine) as simulation:
        simulation.set_point("ending", 1, y=12)
        simulation.run()
        assert simulation.time == 6.0
        with pytest.raises(PenstockError, match="PEN503"):
            simulation.set_point("ending", 1, y=8)

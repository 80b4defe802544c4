"""Integration methods against closed forms and an independent solver."""

import math

import pytest
from scipy.integrate import solve_ivp

import penstock
from penstock.methods import METHODS, TOLERANCE

OSCILLATOR = """
time 0 to 1 by {dt} save every 1
stock position = 1
  in velocity flow
stock velocity = 0
  in acceleration
flow velocity flow = velocity
flow acceleration = -4 * position
"""

FAST = """
time 0 to 4 by 1
stock level = 1
  in change
flow change = -rate * (level - cos(time))
const rate = 20
"""


@pytest.mark.parametrize("engine", ["wasm", "vm"])
@pytest.mark.parametrize("name", [name for name, row in METHODS.items() if not row.adaptive])
def test_halving_dt_divides_the_error_by_two_to_the_order(name, engine):
    def error(dt: float) -> float:
        run = penstock.simulate(penstock.loads(OSCILLATOR.format(dt=dt), method=name), engine=engine)
        return abs(run["position"][-1] - math.cos(2))

    ratio = error(0.015625) / error(0.0078125)
    # The next term of the error's series is of the size of dt, here below 1 part in 10.
    assert ratio == pytest.approx(2 ** METHODS[name].order, rel=0.1)


@pytest.mark.parametrize("engine", ["wasm", "vm"])
@pytest.mark.parametrize("name", ["rk2_auto", "rk4_auto"])
def test_an_adaptive_method_takes_shorter_steps_where_dt_is_too_long(name, engine):
    model = penstock.loads(FAST, method=name)
    run = penstock.simulate(model, engine=engine)
    truth = solve_ivp(
        lambda t, y: [-20 * (y[0] - math.cos(t))], (0, 4), [1.0], rtol=1e-11, atol=1e-12, t_eval=range(5)
    )
    # Each of at most 64 pieces of a step may be off by the tolerance, and errors decay here.
    assert list(run["level"]) == pytest.approx(list(truth.y[0]), rel=64 * TOLERANCE)
    plain = penstock.simulate(penstock.loads(FAST, method=name.removesuffix("_auto")), engine=engine)
    assert abs(plain["level"][-1]) > 1e3  # dt is far beyond what is stable


@pytest.mark.parametrize("name", METHODS)
def test_engines_agree_to_the_bit_with_every_method_and_in_pieces(name):
    model = penstock.loads(FAST, method=name)
    runs = [penstock.simulate(model, engine=engine) for engine in ("wasm", "vm")]
    assert runs[0].data.tobytes() == runs[1].data.tobytes()
    with penstock.Simulation(model) as simulation:
        for t in (0, 1, 1, 3, math.inf):
            simulation.run_to(t)
        assert simulation.results().data.tobytes() == runs[0].data.tobytes()


def test_functions_that_advance_once_a_step_know_nothing_of_the_pieces():
    text = FAST + "aux steps = previous(steps so far, 0)\naux steps so far = previous(time, -1) + 0 * level\n"
    run = penstock.simulate(penstock.loads(text, method="rk4_auto"))
    assert list(run["steps so far"]) == [-1, 0, 1, 2, 3]

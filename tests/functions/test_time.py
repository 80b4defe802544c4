"""Shapes that are functions of time, and the words that stand for numbers."""

import math

import pytest

from engine.covers import covers
from functions.models_in_text import aux, compiled, mdl, run, xmile
from penstock.errors import PenstockError


@covers("volume_pulse")
@pytest.mark.parametrize("dt", [1.0, 0.5, 0.1, 0.0625])
def test_xmiles_pulse_delivers_its_volume_within_one_step_of_each_interval(dt: float) -> None:
    variables = "".join(
        f'<stock name="{name}"><eqn>0</eqn><inflow>f{name}</inflow></stock>'
        f'<flow name="f{name}"><eqn>{equation}</eqn></flow>'
        for name, equation in (
            ("once", "PULSE(6, 3)"),
            ("zero", "PULSE(6, 3, 0)"),
            ("again", "PULSE(6, 3, 2)"),
            ("start", "PULSE(6)"),
            ("off", "PULSE(6, 3.3, 99)"),
        )
    )
    found = run(
        xmile(variables, 10.0, dt), "Time", "once", "zero", "again", "start", "off", "foff", ending="xmile"
    )
    # Stocks add up volume / dt * dt, which rounds.
    for k, time in enumerate(found["Time"]):
        after = time - dt + 1e-9
        assert found["once"][k] == found["zero"][k] == pytest.approx(6.0 * (after >= 3))
        assert found["again"][k] == pytest.approx(6.0 * max(0, math.floor((after - 3) / 2) + 1))
        assert found["start"][k] == pytest.approx(6.0 * (k > 0))
    first = next(time for time, flow in zip(found["Time"], found["foff"], strict=True) if flow)
    assert 3.3 - 1e-9 <= first < 3.3 + dt


def test_a_pulse_train_whose_pulses_meet_is_one_long_pulse() -> None:
    text = mdl("a = PULSE TRAIN(2, 3, 3, 7)\nb = PULSE TRAIN(2, 3, 0, 7)\nc = PULSE TRAIN(2, 1, 3, 7)")
    found = run(text, "a", "b", "c", ending="mdl")
    assert found["a"] == found["b"] == [float(2 <= k <= 7) for k in range(11)]
    assert found["c"] == [float(k in (2, 5)) for k in range(11)]


@covers("ramp_from_to", "sinwave", "coswave", "cgrowth")
def test_ramps_between_values_waves_and_compound_growth() -> None:
    lines = [
        "model M",
        "time 0 to 10 by 0.5",
        "aux r = ramp from to(5, 1, 2, 6)",
        "aux s = sinwave(3, 8)",
        "aux c = coswave(3, 8)",
        "stock Level = 100",
        "  in f",
        "flow f = Level * cgrowth(10)",
    ]
    found = run("\n".join(lines) + "\n", "Time", "r", "s", "c", "Level")
    times = found["Time"]
    assert found["r"] == pytest.approx([5 - min(max(t - 2, 0), 4) for t in times])
    assert found["s"] == pytest.approx([3 * math.sin(math.tau * t / 8) for t in times], abs=1e-12)
    assert found["c"] == pytest.approx([3 * math.cos(math.tau * t / 8) for t in times], abs=1e-12)
    assert found["Level"] == pytest.approx([100 * 1.1**t for t in times], rel=1e-12)


@covers("time_base")
def test_a_time_base_is_time_on_another_scale() -> None:
    assert run(mdl("a = TIME BASE(2000, 0.25)"), "a", ending="mdl")["a"] == [
        2000 + 0.25 * k for k in range(11)
    ]


@covers("get_time_value")
def test_get_time_value_moves_model_time() -> None:
    text = mdl("a = GET TIME VALUE(0, 2.5, 0)\nb = GET TIME VALUE(1, -3, 0)")
    found = run(text, "a", "b", ending="mdl")
    assert found["a"] == [k + 2.5 for k in range(11)]
    assert found["b"] == [-3.0] * 11


@pytest.mark.parametrize(
    "call", ["GET TIME VALUE(2, 0, 0)", "GET TIME VALUE(0, 0, 3)", "GET TIME VALUE(Time, 0, 0)"]
)
def test_calendars_and_the_computers_clock_are_refused(call: str) -> None:
    with pytest.raises(PenstockError, match="PEN401"):
        compiled(mdl(f"a = {call}"), "mdl")


def test_pi_inf_and_nan_are_words_that_a_model_may_define_otherwise() -> None:
    found = run(xmile(aux("a", "PI * 2") + aux("b", "-INF") + aux("c", "nan")), "a", "b", "c", ending="xmile")
    assert found["a"][0] == math.tau
    assert found["b"][0] == -math.inf
    assert math.isnan(found["c"][0])
    own = run(xmile(aux("a", "PI * 2") + aux("PI", "3")), "a", ending="xmile")
    assert own["a"][0] == 6.0


def test_int_rounds_down_in_xmile_but_towards_zero_in_what_vensim_exported() -> None:
    text = xmile(aux("a", "INT(TIME - 5.5)"))
    exported = text.replace("<vendor>test", "<vendor>Ventana Systems, Inc.")
    assert run(text, "a", ending="xmile")["a"] == [math.floor(k - 5.5) for k in range(11)]
    assert run(exported, "a", ending="xmile")["a"] == [math.trunc(k - 5.5) for k in range(11)]


def test_games_value_is_the_equations_own() -> None:
    assert run(mdl("a = GAME(Time * 2)"), "a", ending="mdl")["a"] == [2.0 * k for k in range(11)]

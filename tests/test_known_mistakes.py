"""What other engines were seen to get wrong, and where each of it is held here.

`HELD` is the list; a mistake that no other test is about has its test in this file.
"""

import ast
import math
from functools import cache
from pathlib import Path

import pytest

from functions.models_in_text import mdl, run, xmile
from penstock.compiler import compile_text
from penstock.errors import PenstockError

HERE = "test_known_mistakes.py"
HELD: dict[str, tuple[str, str]] = {
    # Meaning
    "non-negative stocks are ignored": (
        "passes/test_limits.py",
        "test_outflows_take_what_is_there_in_their_order",
    ),
    "DELAY FIXED is a first-order delay": (
        "functions/test_delays.py",
        "test_a_fixed_delay_shows_the_input_so_many_steps_ago",
    ),
    "XMILE's DELAY is a first-order delay": (
        "functions/test_delays.py",
        "test_xmile_delays_by_steps_and_starts_with_the_first_value",
    ),
    "discrete and extrapolating graphical functions run as continuous": (
        HERE,
        "test_a_graphical_function_follows_its_type",
    ),
    "LOOKUP EXTRAPOLATE clamps": (
        "functions/test_lookups.py",
        "test_functions_of_a_lookup_have_the_values_of_the_manual",
    ),
    "A FUNCTION OF gives NaN": (HERE, "test_a_placeholder_for_an_equation_is_refused"),
    "adaptive methods run as Euler": (
        "read/test_mdl.py",
        "test_methods_that_there_are_are_read_and_all_others_refused",
    ),
    "adaptive methods of XMILE run as Euler": (
        "read/test_xmile.py",
        "test_adaptive_and_unknown_methods_are_refused",
    ),
    "queues run as plain stocks": (
        "conveyors/test_queues.py",
        "test_a_queue_waits_for_room_on_the_conveyor_behind_it",
    ),
    "INT of negatives": (
        "functions/test_time.py",
        "test_int_rounds_down_in_xmile_but_towards_zero_in_what_vensim_exported",
    ),
    "PULSE TRAIN": ("functions/test_time.py", "test_a_pulse_train_whose_pulses_meet_is_one_long_pulse"),
    "the order of delays is lowered": (HERE, "test_a_delay_has_the_order_that_is_asked_for"),
    "modules are missing": (
        "modules/test_modules.py",
        "test_two_modules_have_the_bits_of_the_same_model_written_flat",
    ),
    "cycles of arrays that their elements do not have": (
        "arrays/test_order.py",
        "test_two_arrays_that_need_each_other_run_in_one_loop",
    ),
    "RK4 is missing": ("engine/test_models.py", "test_halving_dt_divides_the_error_by_two_to_the_order"),
    "exceptions of the parser reach the user": (
        "cli/test_bad_input.py",
        "test_noise_is_refused_or_read_and_never_a_fault",
    ),
    # Functions that are missing
    "random functions": ("functions/test_random.py", "test_continuous_draws_follow_their_distribution"),
    "delays of orders beyond 1 and 3": (
        "functions/test_delays.py",
        "test_vensims_delays_of_an_order_that_is_read_at_the_start",
    ),
    "FORECAST, hyperbolics, MIN and MAX of three": (HERE, "test_a_function_has_its_value"),
    "RAMP FROM TO": ("functions/test_time.py", "test_ramps_between_values_waves_and_compound_growth"),
    "LOOKUP INVERT and LOOKUP AREA": (
        "functions/test_lookups.py",
        "test_an_area_is_the_integral_of_the_lines",
    ),
    "GAME": ("functions/test_time.py", "test_games_value_is_the_equations_own"),
    "IRR runs as something else": (HERE, "test_a_function_that_there_is_not_is_refused_by_name"),
    # Numbers
    "exp and ln are hundreds of ulp off, and sin of large arguments is noise": (
        "library/test_accuracy.py",
        "test_a_function_is_within_one_ulp_of_the_true_value",
    ),
    "the engines agree to three digits only": (
        "engine/test_lockstep.py",
        "test_both_engines_look_alike_after_every_call",
    ),
    "a run is not deterministic": (
        "engine/test_contract.py",
        "test_a_result_does_not_depend_on_the_runs_before_it",
    ),
    "rows are lost where dt is 0.1 and the save step 1": (
        "engine/test_clock.py",
        "test_no_row_is_lost_where_dt_is_a_tenth_and_rows_are_saved_at_whole_times",
    ),
    # Arrays and inputs
    "arrays of 40,000 elements are unrolled or refused": (
        "arrays/test_large.py",
        "test_a_hundred_thousand_elements_stay_loops_and_run_on_both_engines",
    ),
    "initial values need a recompile": (
        "engine/test_contract.py",
        "test_an_initial_value_can_be_set_before_the_run",
    ),
    "dt and the stop time need a recompile": (
        "engine/test_clock.py",
        "test_an_override_of_a_setting_acts_like_the_setting",
    ),
    # States of a run
    "disposed runs keep their instance": ("engine/test_memory.py", "test_a_disposed_run_is_released_at_once"),
    "the capacity is reported as the rows that were saved": (
        "engine/test_contract.py",
        "test_nothing_of_a_longer_run_stays_behind",
    ),
    "series have a stale tail": ("engine/test_contract.py", "test_nothing_of_a_longer_run_stays_behind"),
    "the live row keeps the values of the run before": (
        "engine/test_contract.py",
        "test_a_fresh_row_has_constants_and_the_start_time_and_nothing_else",
    ),
    "the live row does not show an override": (
        "engine/test_contract.py",
        "test_an_override_shows_in_the_live_row_at_once_and_nowhere_else",
    ),
    "a comparison lets NaN pass": (HERE, "test_a_nan_does_not_pass_for_a_number_when_results_are_compared"),
}


@cache
def functions_in(file: str) -> set[str]:
    tree = ast.parse((Path(__file__).parent / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("mistake", HELD)
def test_every_known_mistake_has_its_test(mistake: str) -> None:
    file, name = HELD[mistake]
    assert name in functions_in(file)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("continuous", [10, 10, 15, 20, 20]),
        ("extrapolate", [5, 10, 15, 20, 25]),
        ("discrete", [10, 10, 10, 20, 20]),
    ],
)
def test_a_graphical_function_follows_its_type(kind: str, expected: list[float]) -> None:
    gf = f'<gf type="{kind}"><xscale min="1" max="3"/><ypts>10,20</ypts></gf>'
    text = xmile(f'<aux name="a"><eqn>time</eqn>{gf}</aux>', stop=4)
    assert run(text, "a", ending="xmile")["a"] == expected


def test_a_placeholder_for_an_equation_is_refused() -> None:
    with pytest.raises(PenstockError, match="the placeholder A FUNCTION OF"):
        compile_text(mdl("a = A FUNCTION OF(b)\nb = 1"), "m.mdl")


@pytest.mark.parametrize("order", [1, 2, 3, 5, 8])
def test_a_delay_has_the_order_that_is_asked_for(order: int) -> None:
    # A chain of stages by Euler: the step response after k steps, as a sum of binomial probabilities.
    dt, time, steps = 0.25, 8.0, 40
    found = run(mdl(f"a = SMOOTH N(STEP(1, 0), {time}, 0, {order})", stop=10.0, dt=dt), "a", ending="mdl")[
        "a"
    ]
    share = dt / (time / order)
    for k in range(steps + 1):
        below = sum(math.comb(k, n) * share**n * (1 - share) ** (k - n) for n in range(min(order, k + 1)))
        assert found[k] == pytest.approx(1 - below, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("MAX(1, 3, 2)", 3.0),
        ("MIN(1, -3, 2)", -3.0),
        ("SINH(1)", math.sinh(1)),
        ("COSH(1)", math.cosh(1)),
        ("TANH(1)", math.tanh(1)),
        ("FORECAST(4, 2, 3, 0)", 4.0),
    ],
)
def test_a_function_has_its_value(call: str, expected: float) -> None:
    values = run(mdl(f"a = {call}", stop=1.0), "a", ending="mdl")["a"]
    assert values[0] == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("call", ["IRR(a)", "HISTORY(a, 3)", "CYCLETIME(a)", "FIND MARKET PRICE(a, a, a)"])
def test_a_function_that_there_is_not_is_refused_by_name(call: str) -> None:
    with pytest.raises(PenstockError, match=call.partition("(")[0]):
        compile_text(mdl(f"a = 1\nb = {call}"), "m.mdl")


def test_a_nan_does_not_pass_for_a_number_when_results_are_compared() -> None:
    from corpus.published import differences

    published = {"a": ([0.0, 1.0], [1.0, 2.0])}
    found = {"a": [1.0, math.nan]}
    assert list(differences(published, [0.0, 1.0], found, 1e-4, False)) == ["a at 1.0 is nan, published 2.0"]

"""The three shipped fields against their closed forms, and where roles begin."""

from __future__ import annotations

import math

import pytest

from scenario.scenarios_in_text import run

FIELD = """
name = "field"
roles = ["A", "B"]
steps = %d
[material]
layer = "%s"
params = {%s}
"""


def test_two_regions_approach_each_other_as_diffusion_says() -> None:
    result = run(
        FIELD % (1000, "continuum_field", "coupling = 1.0, initial_fields = [1.0, 0.0], step_size = 0.01")
        + '[[properties.invariants]]\nkind = "conserved"\npredicate = "A.Amount + B.Amount"\ntolerance = 1e-12\n'
        + '[[properties.invariants]]\nkind = "engine_parity"\n'
    )
    assert result.ok
    pairs = zip(result.trace.series("A", "Amount"), result.trace.series("B", "Amount"), strict=True)
    for n, (a, b) in enumerate(pairs):
        assert a - b == pytest.approx((1 - 2 * 0.01) ** n, rel=1e-11)


def test_the_oscillator_keeps_its_period_and_its_energy() -> None:
    dt, cycles = 0.01, 1000
    result = run(
        FIELD
        % (
            2 * cycles,
            "hamiltonian",
            "spring_constant = 1.0, mass = 1.0, initial_positions = [1.0, -1.0], "
            f"initial_momenta = [0.0, 0.0], step_size = {dt}",
        )
    )
    a = result.trace.records_for_role("A")[::2]
    b = result.trace.records_for_role("B")[::2]
    # The difference of the positions swings with the frequency sqrt(2k/m); leapfrog's own is exact at
    # arccos(1 - w^2 dt^2 / 2) a step.
    step = math.acos(1.0 - 2.0 * dt * dt / 2.0)
    for n, (one, other) in enumerate(zip(a, b, strict=True)):
        q = one.state[0] - other.state[0]
        assert q == pytest.approx(2.0 * math.cos(n * step), abs=1e-9)
        kinetic = (one.state[1] ** 2 + other.state[1] ** 2) / 2.0
        assert kinetic + q * q / 2.0 == pytest.approx(2.0, rel=1e-4)


@pytest.mark.parametrize("beta", [0.5, 2.0])
def test_a_split_population_stays_whole_and_settles_where_the_mean_field_does(beta: float) -> None:
    params = f'beta = {beta}, species = ["up", "down"], initial_state = [0.6, 0.4], step_size = 0.01'
    result = run(
        FIELD % (3000, "mean_field", params)
        + '[[properties.invariants]]\nkind = "simplex"\ntolerance = 1e-12\n'
    )
    assert result.ok
    m = 0.2
    for _ in range(3000):
        m += 2 * 0.01 * (math.tanh(beta * m) - m)
    first, second = result.trace.final_state("A")
    assert first - second == pytest.approx(m, abs=1e-9)
    assert (abs(m) < 1e-6) == (beta < 1.0)
    assert result.trace.final_state("A") == result.trace.final_state("B")


def test_an_explicit_initial_state_counts_before_the_derived_one() -> None:
    text = FIELD % (1, "continuum_field", "coupling = 1.0, initial_fields = [1.0, 0.0], step_size = 0.5")
    result = run(text + "[role.B]\ninitial = [0.5]\n")
    assert [record.state for record in result.trace.records[:2]] == [(1.0,), (0.5,)]
    assert result.trace.final_state("A") == (0.75,)

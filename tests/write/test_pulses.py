"""XMILE's pulses in Vensim's terms: the same series to the last bit."""

import pytest

from functions.models_in_text import aux, run, xmile
from penstock.read import read_text
from penstock.write import write_text


@pytest.mark.parametrize(
    "call",
    [
        "PULSE(3)",
        "PULSE(n, 2)",
        "PULSE(3, 1.9, 0)",
        "PULSE(3, 0.1, 2.5)",
        "PULSE(TIME, 4, n)",
        "PULSE(3, 1, z)",
    ],
)
@pytest.mark.parametrize("dt", [1.0, 0.25, 0.1])
def test_a_pulse_of_a_volume_is_a_condition_on_the_time(call: str, dt: float) -> None:
    text = xmile(aux("n", "3") + aux("z", "0") + aux("p", call), 10, dt)
    written = write_text(read_text(text, "model.xmile").model, "mdl")
    assert "VOLUME" not in written.text
    expected = run(text, "p", ending="xmile")["p"]
    assert run(written.text, "p", ending="mdl")["p"] == expected
    assert any(expected)

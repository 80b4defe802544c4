"""A model with parts that Penstock cannot read: every other part is there, and the report says what is not."""

import pytest

from penstock.errors import PenstockError
from penstock.read import read_partially, read_text

VENSIM = """{UTF-8}
Level = INTEG(inflow, 10) ~~|
inflow = 3 * ~~|
good = 4 ~ widgets ~ Kept. |
odd = A FUNCTION OF(good) ~~|
FINAL TIME = 10 ~~| INITIAL TIME = 0 ~~| TIME STEP = 1 ~~| SAVEPER = TIME STEP ~~|
"""

XMILE = """<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<sim_specs><start>0</start><stop>10</stop><dt>1</dt></sim_specs>
<model><variables>
<stock name="Level"><eqn>10</eqn><oven/></stock>
<aux name="good"><eqn>4</eqn></aux>
<aux name="bad"><eqn>4 +</eqn></aux>
</variables></model></xmile>
"""


@pytest.mark.parametrize(
    ("name", "text", "kept", "lost"),
    [
        ("m.mdl", VENSIM, {"Level", "good"}, [("PEN101", 3), ("PEN401", 5)]),
        ("m.xmile", XMILE, {"Level", "good"}, [("PEN401", 4), ("PEN101", 6)]),
    ],
)
def test_what_can_be_read_is_there_and_the_rest_is_reported_with_its_line(name, text, kept, lost):
    result = read_partially(text, name)
    assert {variable.name for variable in result.model.variables} >= kept
    assert [
        (item.code, item.span.line_column()[0]) for item in result.findings if item.severity == "error"
    ] == lost
    with pytest.raises(PenstockError) as all_of_it:
        read_text(text, name)
    assert [item.code for item in all_of_it.value.diagnostics] == [code for code, _ in lost]


def test_a_text_of_which_nothing_can_be_read_is_an_error():
    with pytest.raises(PenstockError):
        read_partially("~~~", "m.mdl")

"""Tables and data variables as Vensim's equations write them."""

import sys

import pytest

from data.making import compiled, first
from penstock.errors import PenstockError
from penstock.model import Auxiliary, Equation, External, Lookup, Model
from penstock.read import read_text
from penstock.read.data.workbooks import read_workbook

CLOCK = "INITIAL TIME = 0 ~~|\nFINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\n"


def read(equations: str) -> Model:
    return read_text(equations + CLOCK, "m.mdl").model


def test_a_tabbed_array_is_a_table_of_numbers_with_white_space_between() -> None:
    model = compiled(
        "a: a1, a2 ~~|\nb: b1, b2, b3 ~~|\n"
        "m[a, b] == TABBED ARRAY(\n\t1\t-2\t3e1\n\t4\t.5\t:NA:\n\t) ~ units ~ a table|\n"
    )
    cells = [f"m[{i},{j}]" for i in ("a1", "a2") for j in ("b1", "b2", "b3")]
    assert first(model, *cells) == [1, -2, 30, 4, 0.5, -(2.0**109)]


def test_a_tabbed_array_of_another_size_is_an_error() -> None:
    with pytest.raises(PenstockError, match="PEN212 3 values for the 2 elements of"):
        compiled("a: a1, a2 ~~|\nm[a] = TABBED ARRAY(1 2 3) ~~|")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x ~~|", "interpolate"),
        ("x :INTERPOLATE: ~~|", "interpolate"),
        ("x :RAW: ~~|", "raw"),
        ("x :HOLD BACKWARD: ~~|", "hold"),
        ("x:look forward: ~~|", "forward"),
    ],
)
def test_a_variable_without_an_equation_is_data(text: str, kind: str) -> None:
    (variable,) = read(text).variables
    assert isinstance(variable, Auxiliary)
    assert variable.equations == (Equation(None, data=kind),)  # type: ignore[arg-type]


def test_what_stands_in_files_is_kept_as_written() -> None:
    model = read(
        "d: GET DIRECT SUBSCRIPT('s.csv', ',', 'A2', 'A', 'p') ~~|\n"
        "x[d]:RAW::=GET XLS DATA('f.xlsx', 'My tab', 'A', 'B2') ~~|\n"
        "f(GET_XLS_LOOKUPS('f.xlsx' , '1' , 'times' , 'f')) ~~|\n"
        "k = GET DIRECT CONSTANTS('c.csv', ';', 'B2*') ~~|\n"
    )
    assert model.dimensions[0].external == External("subscript", "s.csv", ",", "A2", last="A", prefix="p")
    x, f, k = model.variables
    data = External("data", "f.xlsx", "My tab", "B2", along="A")
    assert x.equations == (Equation(None, ("d",), external=data, data="raw"),)
    assert isinstance(f, Lookup)
    assert f.equations == (Equation(None, external=External("lookups", "f.xlsx", "1", "f", along="times")),)
    assert k.equations == (Equation(None, external=External("constants", "c.csv", ";", "B2*")),)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = GET DIRECT CONSTANTS('a.csv', ',') ~~|", "PEN101"),
        ("x = GET DIRECT CONSTANTS(a, ',', 'B2') ~~|", "PEN101"),
        ("x = GET DIRECT CONSTANTS('a.csv', ',', 'B2') + 1 ~~|", "PEN101"),
        ("x = 1 + GET DIRECT DATA('a.csv', ',', 'A', 'B2') ~~|", "PEN401"),
        ("x := GET DIRECT CONSTANTS('a.csv', ',', 'B2') ~~|", "PEN401"),
        ("x(GET DIRECT DATA('a.csv', ',', 'A', 'B2')) ~~|", "PEN401"),
        ("d: GET DIRECT CONSTANTS('a.csv', ',', 'B2') ~~|", "PEN401"),
        ("x = 1 + TABBED ARRAY(1 2) ~~|", "PEN401"),
    ],
)
def test_a_function_of_files_in_the_wrong_place_is_refused(text: str, code: str) -> None:
    with pytest.raises(PenstockError) as caught:
        read(text + "y = 1 ~~|\n")
    assert [item.code for item in caught.value.diagnostics] == [code]


IMPORT = (
    '<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><header/>'
    "<sim_specs><start>0</start><stop>1</stop></sim_specs><data>{}</data>"
    '<model><variables><aux name="a"><eqn>1</eqn></aux></variables></model></xmile>'
)


def test_an_import_at_each_run_is_refused_and_one_on_demand_is_noted() -> None:
    with pytest.raises(PenstockError, match=r"PEN401 the import of values from x\.csv"):
        read_text(IMPORT.format('<import resource="x.csv"/>'), "m.xmile")
    for idle in ('frequency="on_demand"', 'enabled="false"'):
        result = read_text(IMPORT.format(f'<import resource="x.csv" {idle}/>'), "m.xmile")
        assert [item.code for item in result.findings] == ["PEN403"]
    assert read_text(IMPORT.format('<export resource="x.csv"/>'), "m.xmile").findings == ()


def test_where_there_is_no_library_for_workbooks_the_advice_is_another_format(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "xlrd", None)
    with pytest.raises(PenstockError) as refusal:
        read_workbook("numbers.xls", b"\xd0\xcf\x11\xe0")
    assert [item.code for item in refusal.value.diagnostics] == ["PEN016"]
    assert ".csv" in str(refusal.value)

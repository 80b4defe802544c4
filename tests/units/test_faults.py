"""A fault planted in a clean model gives one warning, at the right place, in all three languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

import pytest

from penstock.errors import Diagnostic
from penstock.passes.units import check_units
from penstock.read import read_text
from units.writing import FORMATS, SHOP, Row, written

pytestmark = pytest.mark.smoke


def warnings(text: str, format: str) -> list[Diagnostic]:
    model = read_text(text, f"shop.{format}").model
    return [item for item in check_units(model).findings if item.severity == "warning"]


def shop(changes: Mapping[str, Row]) -> Mapping[str, Row]:
    return {**SHOP, **changes}


@dataclass(frozen=True)
class Fault:
    """Rows in place of the model's or beside them, and the one warning they must give: its code, the text that it
    points at, and words in it."""

    code: str
    at: str
    changes: Mapping[str, Row]
    words: tuple[str, ...] = ()
    time: str = "Month"


FAULTS = {
    "an amount where a rate is needed": Fault(
        "PEN703",
        "Inventory",
        {"sales": ("flow", "widgets/Month", "Inventory")},
        ("sales is in widgets/Month, and its equation in widgets", "One is an amount, the other a rate"),
    ),
    "a number that hides a rate": Fault(
        "PEN703",
        "Inventory * 0.1",
        {"sales": ("flow", "widgets/Month", "Inventory * 0.1")},
        ("If 0.1 stands for something that is measured, make it a constant in 1/Month.",),
    ),
    "a factor left out": Fault(
        "PEN703",
        "Workers",
        {"production": ("flow", "widgets/Month", "Workers")},
        ("production is in widgets/Month, and its equation in people",),
    ),
    "the units of a constant that one equation uses": Fault(
        "PEN703",
        "Workers * productivity",
        {"productivity": ("const", "widgets/Month", "20")},
        ("production is in widgets/Month, and its equation in person*widgets/Month",),
    ),
    "the units of a constant that several use": Fault(
        "PEN706",
        "Workers",
        {"Workers": ("const", "widgets", "10")},
        ("Workers is in widgets, and 2 places need", "production, profit"),
    ),
    "the units of a flow": Fault(
        "PEN706",
        "sales",
        {"sales": ("flow", "widgets", "orders * effect")},
        ("sales is in widgets, and", "places need widgets/Month"),
    ),
    "an odd term of a sum": Fault(
        "PEN702",
        "coverage",
        {"orders": ("aux", "widgets/Month", "base + extra + coverage + base")},
        ("the sum puts Month beside widgets/Month",),
    ),
    "an odd term of two, where the variable tells which": Fault(
        "PEN702",
        "Inventory",
        {"orders": ("aux", "widgets/Month", "base - Inventory")},
        ("the sum puts widgets beside widgets/Month",),
    ),
    "a sum of two within a product": Fault(
        "PEN702",
        "Inventory + Workers",
        {"score": ("aux", "people", "(Inventory + Workers) * effect")},
        ("the sum puts people beside widgets",),
    ),
    "a comparison": Fault(
        "PEN702",
        "Inventory > orders",
        {"short": ("aux", "Dmnl", "0 + (Inventory > orders)")},
        ("the comparison puts widgets/Month beside widgets",),
    ),
    "one argument of several alike": Fault(
        "PEN702",
        "Workers",
        {"profit": ("aux", "$/Month", "{max}(revenue, Workers)")},
        ("max puts people beside $/Month",),
    ),
    "an argument that must be dimensionless": Fault(
        "PEN704",
        "Inventory",
        {"effect": ("aux", "Dmnl", "{exp}(Inventory)")},
        ("exp takes Dmnl for x, got widgets", "Divide by a reference value in widgets."),
    ),
    "an argument that must be a time": Fault(
        "PEN704",
        "price",
        {"expected_orders": ("aux", "widgets/Month", "{smooth}(orders, price)")},
        ("smooth takes Month for time, got $/widgets",),
    ),
    "another unit of time": Fault(
        "PEN704",
        "delay",
        {"delay": ("const", "days", "90")},
        ("smooth takes Month for time, got days", "Convert one to the other with a constant in Month/days."),
    ),
    "an exponent": Fault(
        "PEN704",
        "coverage",
        {"effect": ("aux", "Dmnl", "price / price ^ coverage * 0")}
        | {"price": ("const", "Dmnl", "3")}
        | {"revenue": ("aux", "widgets/Month", "sales * price")}
        | {"profit": ("aux", "Dmnl", "0")},
        ("the operator ^ takes Dmnl for the exponent, got Month",),
    ),
    "the base of a power that varies": Fault(
        "PEN704",
        "Inventory",
        {"effect": ("aux", "Dmnl", "Inventory ^ (1 - coverage / target_coverage)")},
        ("the operator ^ takes Dmnl for the base, got widgets",),
    ),
    "a power": Fault(
        "PEN703",
        "Inventory ^ 2",
        {"side": ("aux", "widgets", "Inventory ^ 2")},
        ("side is in widgets, and its equation in widgets^2",),
    ),
    "a root": Fault(
        "PEN703",
        "{sqrt}(Inventory)",
        {"side": ("aux", "widgets", "{sqrt}(Inventory)")},
        ("side is in widgets, and its equation in widgets^(1/2)",),
    ),
    "an initial value": Fault(
        "PEN703",
        "price",
        {"Inventory": ("stock", "widgets", "price")},
        ("Inventory is in widgets, and its equation in $/widgets",),
    ),
    "two spellings of a unit": Fault(
        "PEN707",
        "sales * price",
        {"price": ("const", "$/widget", "3")},
        ("widget and widgets are different units, and an equation takes them for one",),
    ),
    "units that cannot be read": Fault(
        "PEN701",
        "price",
        {"price": ("const", "$/(widgets", "3")},
        ("the units $/(widgets of price cannot be read: a bracket is not closed",),
    ),
    "the time of the model": Fault(
        "PEN706",
        "",
        {},
        ("time is in Year, and", "places need Month"),
        time="Year",
    ),
    "units that other equations tell, used in another way": Fault(
        "PEN703",
        "backlog",
        {
            "backlog": ("aux", "", "Inventory - initial_inventory"),
            "waiting": ("aux", "Month", "backlog"),
        },
        ("waiting is in Month, and its equation in widgets",),
    ),
    "an unknown that two equations see differently, and more that follow": Fault(
        "PEN703",
        "a",
        {
            "a": ("aux", "", "Inventory"),
            "b": ("aux", "Month", "a"),
            "c": ("aux", "widgets", "a"),
            "d": ("aux", "", "a + Inventory"),
        },
    ),
}


@pytest.mark.parametrize("format", FORMATS)
def test_the_model_without_a_fault_gives_no_warning(format: str) -> None:
    assert warnings(written(SHOP, format), format) == []


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_gives_one_warning_where_it_is(name: str, format: str) -> None:
    fault = FAULTS[name]
    text = written(shop(fault.changes), format, fault.time)
    found = warnings(text, format)
    assert [item.code for item in found] == [fault.code], "\n".join(map(str, found))
    for words in fault.words:
        assert words in f"{found[0].message} {found[0].advice}"
    if found[0].code not in ("PEN701", "PEN706"):  # those stand at the variable
        place = fault.at.format(exp="EXP", smooth="SMTH1", step="STEP", max="MAX", sqrt="SQRT")
        assert unescape(found[0].span.text).casefold() == place.casefold()
    else:
        assert fault.at in found[0].span.text


@pytest.mark.parametrize("format", FORMATS)
def test_names_that_the_model_says_are_one_unit_are_one(format: str) -> None:
    rows = shop({"price": ("const", "$/widget", "3")})
    assert warnings(written(rows, format, names="widgets,widget"), format) == []


@pytest.mark.parametrize("format", FORMATS)
def test_two_faults_in_different_equations_give_two_warnings(format: str) -> None:
    rows = shop({"sales": ("flow", "widgets/Month", "Inventory"), "coverage": ("aux", "Month", "Workers")})
    assert [item.code for item in warnings(written(rows, format), format)] == ["PEN703", "PEN703"]


@pytest.mark.parametrize("format", FORMATS)
def test_a_model_without_units_gives_nothing(format: str) -> None:
    rows = {name: (kind, "", equation) for name, (kind, _, equation) in SHOP.items()}
    model = read_text(written(rows, format), f"shop.{format}").model
    assert check_units(model).findings == ()

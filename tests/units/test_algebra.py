"""How units are written, which names mean the same, and how they multiply."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.model import UnitDefinition
from penstock.passes.units.solver import Unknowns, unknown
from penstock.units import DEFAULTS, ONE, TIMES, Table, Unit, UnitsError, base, is_name

pytestmark = pytest.mark.smoke

WRITTEN = {
    "widgets/(year*person)": {"widgets": 1, "year": -1, "person": -1},
    "widgets/year*person": {"widgets": 1, "year": -1, "person": 1},
    "widgets/year/person": {"widgets": 1, "year": -1, "person": -1},
    "1/Month": {"month": -1},
    "/Month": {"month": -1},
    "per month": {"month": -1},
    "Months Per Year": {"month": 1, "year": -1},
    "months_per_year": {"month": 1, "year": -1},
    "Person-Years": {"person": 1, "year": 1},
    "Meters/Second^2": {"meters": 1, "second": -2},
    "Meters/(Second-Second)": {"meters": 1, "second": -2},
    "m**2": {"m": 2},
    "m^-1": {"m": -1},
    "m^(1/2)": {"m": Fraction(1, 2)},
    "m^0.5*m": {"m": Fraction(3, 2)},
    "(a/b)^2": {"a": 2, "b": -2},
    "Dmnl": {},
    "$": {"$": 1},
    "US$/Hours": {"us$": 1, "hour": -1},
    "tons CO2/year": {"tons_co2": 1, "year": -1},
    "Tons_CO2 / YEARS": {"tons_co2": 1, "year": -1},
    '"a/b"/c': {"a/b": 1, "c": -1},
    "permille": {"permille": 1},
    "people/people": {},
}


@pytest.mark.parametrize("text", WRITTEN)
def test_units_are_read_as_people_write_them(text: str) -> None:
    assert dict(Table().unit(text).powers) == WRITTEN[text]


@pytest.mark.parametrize(
    "text", ["", "a/", "*a", "(a", "a)", "a^", "a^b", "(a)(b)", '"a', "a^(1/0)", "(" * 99 + "a"]
)
def test_what_cannot_be_read_says_why(text: str) -> None:
    with pytest.raises(UnitsError, match=r"\w"):
        Table().unit(text)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        unit = Table((UnitDefinition("a", (text,)), UnitDefinition("b", (), text))).unit(text)
    except UnitsError:
        return
    assert not unit.unknowns


@pytest.mark.parametrize("names", DEFAULTS, ids=lambda names: names[0])
def test_default_names_are_one_unit_whatever_their_case(names: tuple[str, ...]) -> None:
    table = Table()
    assert len({table.unit(spelled) for name in names for spelled in (name, name.upper(), name.title())}) == 1


def test_units_of_time_are_different_units_among_the_defaults() -> None:
    assert len({Table().unit(name) for name in TIMES}) == len(TIMES)
    assert all(any(row[0] == name for row in DEFAULTS) for name in TIMES)


def test_names_of_the_model_join_those_known_from_the_start() -> None:
    table = Table((UnitDefinition("Yr", ("year", "yrs")), UnitDefinition("ratio", ("Dmnl",))))
    assert table.unit("Years") == table.unit("yr") == table.unit("YRS")
    assert table.unit("ratio/yrs") == table.unit("1/year")


def test_a_unit_may_be_made_of_others() -> None:
    table = Table((UnitDefinition("J", ("joule",), "N*m"), UnitDefinition("N", (), "kg*m/s^2")))
    assert table.unit("joule/m^2") == table.unit("kg/s^2")
    assert not table.faulty


def test_a_definition_that_says_nothing_is_told_and_left_out() -> None:
    circle = (UnitDefinition("x", (), "y/z"), UnitDefinition("y", (), "x*x"), UnitDefinition("w", (), "a/"))
    table = Table(circle)
    assert {item.name: reason for item, reason in table.faulty} == {
        "x": "it is made of itself",
        "y": "it is made of itself",
        "w": "a name is missing before the end",
    }
    assert table.unit("x*y/w") == base("x") * base("y") / base("w")


def test_a_long_chain_of_definitions_is_no_burden() -> None:
    chain = [UnitDefinition(f"u{n}", (), f"u{n + 1}*m") for n in range(5000)]
    assert dict(Table(chain).unit("u0").powers) == {"m": 5000, "u5000": 1}


def test_units_longer_than_anyone_means_are_refused_quickly() -> None:
    with pytest.raises(UnitsError, match="more than"):
        Table().unit("*".join(f"u{n}" for n in range(100_000)))


def test_the_name_time_is_the_units_of_the_models_time() -> None:
    assert Table((), "Weeks").unit("people/time") == Table().unit("people/week")
    assert Table().unit("people/time") == base("person") / base("time")


def test_a_name_is_no_product() -> None:
    assert [text for text in ("day", "tons CO2", "a/b", "1/a", "a^2", "", "per day") if is_name(text)] == [
        "day",
        "tons CO2",
    ]


UNITS = st.dictionaries(
    st.sampled_from("abcd"), st.integers(-3, 3) | st.fractions(-2, 2, max_denominator=4), max_size=4
).map(lambda powers: _product(powers))


def _product(powers: dict[str, int | Fraction]) -> Unit:
    found = ONE
    for name, power in powers.items():
        found *= base(name) ** power
    return found


@given(UNITS, UNITS, UNITS, st.fractions(-3, 3, max_denominator=6))
def test_units_are_a_vector_space_over_the_rationals(x: Unit, y: Unit, z: Unit, power: Fraction) -> None:
    assert x * y == y * x
    assert (x * y) * z == x * (y * z)
    assert x * ONE == x
    assert x / x == ONE
    assert (x / y) * y == x
    assert (x * y) ** power == x**power * y**power
    assert x**power**1 == x**power
    assert hash(x * y / y) == hash(x)


@given(UNITS, UNITS, st.integers(1, 3), st.integers(-3, 3))
def test_two_equations_find_two_unknowns(x: Unit, y: Unit, p: int, q: int) -> None:
    """u^p * v = x^p * y and u^q / v = x^q / y, which hold for u = x, v = y, and for nothing else unless p = -q."""
    u, v = unknown("u"), unknown("v")
    unknowns = Unknowns()
    assert unknowns.unify(u**p * v, x**p * y)
    assert unknowns.unify(u**q / v, x**q / y)
    if p != -q:
        assert (unknowns.reduced(u), unknowns.reduced(v)) == (x, y)
        assert unknowns.unify(u * v, x * y)
        assert not unknowns.unify(u * v * base("e"), x * y)
    else:
        assert unknowns.reduced(u**p * v) == x**p * y

"""The causal graph has the links that a modeller would draw, and no others; expected ones are written by hand."""

import pytest

import penstock
from penstock.structure import causal_graph, fed_by, feeding

pytestmark = pytest.mark.smoke


def links(text: str, name: str = "m.pen") -> set[tuple[str, str, str, str, bool]]:
    """Source, target, polarity, kind and whether it is delayed."""
    graph = causal_graph(penstock.loads(text, name).flat)
    return {
        (graph.nodes[link.source].name, graph.nodes[link.target].name, link.polarity, link.kind, link.delayed)
        for link in graph.links
    }


def test_a_stock_is_filled_by_inflows_and_drained_by_outflows() -> None:
    assert links(
        "stock Water = level at first\n  in inflow\n  out outflow\nconst level at first = 5\n"
        "flow inflow = 3\nflow outflow = Water / time constant\nconst time constant = 4\ntime 0 to 1 by 1"
    ) == {
        ("inflow", "Water", "+", "flow", False),
        ("outflow", "Water", "-", "flow", False),
        ("level at first", "Water", "+", "initial", False),
        ("Water", "outflow", "+", "equation", False),
        (
            "time constant",
            "outflow",
            "?",
            "equation",
            False,
        ),  # the sign is that of Water, which may be anything
    }


def test_what_cannot_be_negative_gives_signs_to_products() -> None:
    found = links(
        "aux prey = max(0, x)\naux x = time - 5\nconst rate = 0.1\naux births = prey * rate\ntime 0 to 1 by 1"
    )
    assert ("prey", "births", "+", "equation", False) in found
    assert ("rate", "births", "+", "equation", False) in found
    assert ("x", "prey", "+", "equation", False) in found
    assert ("Time", "x", "+", "equation", False) in found


def test_a_choice_goes_with_its_condition_where_one_side_is_higher() -> None:
    found = links(
        "const limit = 5\nconst debt = -2\naux owing = if debt then 3 else 1\n"
        "aux open = if time > limit then 3 else 1\naux shut = if time >= limit then 1 else 3\n"
        "aux before = if time < limit then 3 else 1\naux bent = if time > limit then 0 - time else time\n"
        "time 0 to 1 by 1"
    )
    assert {(source, target): polarity for source, target, polarity, *_ in found} == {
        ("Time", "open"): "+",
        ("limit", "open"): "-",
        ("Time", "shut"): "-",
        ("limit", "shut"): "+",
        ("Time", "before"): "-",
        ("limit", "before"): "+",
        ("debt", "owing"): "-",  # true as long as it is below zero
        ("Time", "bent"): "?",
        ("limit", "bent"): "?",
    }


def test_delays_and_values_at_the_start_are_marked() -> None:
    found = links(
        "aux seen = smooth(x, tau, guess)\naux x = time\nconst tau = 2\nconst guess = 1\n"
        "aux both = x + previous(x)\naux at first = initial(x)\ntime 0 to 1 by 1"
    )
    assert found == {
        ("Time", "x", "+", "equation", False),
        ("x", "seen", "+", "equation", True),
        ("tau", "seen", "?", "equation", False),
        ("guess", "seen", "+", "initial", False),
        ("x", "both", "+", "equation", False),  # also without the delay
        ("x", "at first", "+", "initial", False),
    }


def test_a_graphical_function_gives_its_slope_and_is_a_cause() -> None:
    found = links(
        "lookup falling = (0, 5) (1, 3) (2, 1)\nlookup bent = (0, 0) (1, 1) (2, 0)\nconst low = 0.5\n"
        "aux a = falling(low)\naux b = bent(low)\naux c = bent(low + time)\ntime 0 to 1 by 1"
    )
    assert ("low", "a", "-", "equation", False) in found
    assert ("falling", "a", "?", "lookup", False) in found
    assert ("low", "b", "+", "equation", False) in found  # it rises where the constant is
    assert ("low", "c", "?", "equation", False) in found


def test_arrays_are_one_node_and_a_sum_rises_with_its_elements() -> None:
    found = links(
        "dim region = north, south\naux people[region] = time\naux total = sum(people[*])\ntime 0 to 1 by 1"
    )
    assert found == {("Time", "people", "+", "equation", False), ("people", "total", "+", "equation", False)}


MACRO = """:MACRO: LAGGED(x, tau)
LAGGED = INTEG((x - LAGGED) / tau, x)
~ ~ |
:END OF MACRO:
input = Time ~~|
seen = 3 - LAGGED(input, span) ~~|
span = 4 ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 4 ~~|
TIME STEP = 1 ~~|
SAVEPER = 1 ~~|
"""


def test_what_a_macro_makes_is_seen_through() -> None:
    found = links(MACRO, "m.mdl")
    assert ("input", "seen", "-", "equation", True) in found
    assert ("span", "seen", "?", "equation", True) in found
    assert {source for source, *_ in found} == {"Time", "input", "span"}


def xmile(variables: str) -> str:
    return (
        '<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><header><vendor>x</vendor>'
        "<product>y</product></header><sim_specs><start>0</start><stop>4</stop><dt>1</dt></sim_specs>"
        f"<model><variables>{variables}</variables></model></xmile>"
    )


def test_a_conveyor_lets_out_later_what_it_takes_in() -> None:
    found = links(
        xmile(
            '<stock name="belt"><eqn>0</eqn><inflow>on</inflow><outflow>off</outflow><conveyor><len>delay</len>'
            '</conveyor></stock><flow name="on"><eqn>2</eqn></flow><flow name="off"/><aux name="delay"><eqn>2</eqn>'
            "</aux>"
        ),
        "m.xmile",
    )
    assert found == {
        ("on", "belt", "+", "flow", False),
        ("off", "belt", "-", "flow", False),
        ("belt", "off", "+", "equation", True),
        ("delay", "off", "?", "equation", False),
    }


def test_a_limit_that_only_the_engine_knows_is_no_link() -> None:
    found = links(
        xmile(
            '<stock name="tank"><eqn>5</eqn><outflow>drain</outflow><non_negative/></stock>'
            '<flow name="drain"><eqn>2</eqn><non_negative/></flow>'
        ),
        "m.xmile",
    )
    assert found == {("drain", "tank", "-", "flow", False)}


CHAIN = "aux a = time\naux b = a\naux c = b + a\naux d = c\naux e = d + b\ntime 0 to 1 by 1"


def test_causes_and_effects_have_their_distance() -> None:
    graph = causal_graph(penstock.loads(CHAIN).flat)
    assert {row.ident: row.distance for row in fed_by(graph, "e")} == {
        "d": 1,
        "b": 1,
        "c": 2,
        "a": 2,
        "#time": 3,
    }
    assert {row.ident: row.distance for row in feeding(graph, "a")} == {"b": 1, "c": 1, "d": 2, "e": 2}
    assert {row.ident for row in fed_by(graph, "e", depth=1)} == {"d", "b"}
    assert {row.ident: row.via for row in feeding(graph, "a")}["d"] == "c"

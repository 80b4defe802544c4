"""XMILE files: the standard, what tools make of it, and what XML bombs are made of."""

import pytest

from penstock.errors import PenstockError
from penstock.expr import ArrayLiteral, Binary, Number, Reference
from penstock.model import Auxiliary, Flow, Lookup, Model, Points, Stock, Variable, canonical
from penstock.read import ReadResult, read_text
from read.samples import XMILE


def read(
    variables: str, *, root: str = "", specs: str = "<start>0</start><stop>1</stop>", method: str = ""
) -> ReadResult:
    model = f"<model><variables>{variables}</variables></model>"
    text = f"<xmile><sim_specs {method}>{specs}</sim_specs>{root}{model}</xmile>"
    return read_text(text, "test.xmile")


def variable(model: Model, name: str) -> Variable:
    return next(item for item in model.variables if item.ident == canonical(name))


def findings(variables: str, **parts: str) -> list[tuple[str, str]]:
    """The codes of all errors, and the text that each points at."""
    with pytest.raises(PenstockError) as caught:
        read(variables, **parts)
    return [(item.code, item.span.text) for item in caught.value.diagnostics]


@pytest.fixture(scope="module")
def tea() -> Model:
    return read_text(XMILE, "tea.xmile").model


def test_variables_come_in_the_order_of_the_file_with_their_kinds(tea: Model) -> None:
    assert [(item.name, type(item)) for item in tea.variables] == [
        ("Tea", Stock),
        ("Milk", Stock),
        ("Cooling", Flow),
        ("Delay", Auxiliary),
        ("Room Temperature", Auxiliary),
        ("Smell", Auxiliary),
        ("Draught", Lookup),
        ("Mood", Auxiliary),
    ]
    assert tea.name == "Tea"


def test_the_specs_take_reciprocal_steps_and_the_save_interval(tea: Model) -> None:
    specs = tea.specs
    assert (specs.start, specs.stop, specs.dt, specs.save_step) == (
        Number(0.0),
        Number(30.0),
        Number(0.125),
        Number(0.5),
    )
    assert (specs.method, specs.time_units) == ("rk4", "Minute")


def test_non_negative_follows_the_flag_and_else_the_default(tea: Model) -> None:
    flags = {item.name: item.non_negative for item in tea.variables if isinstance(item, Stock | Flow)}
    assert flags == {"Tea": True, "Milk": False, "Cooling": True}


def test_stocks_name_their_flows_and_arrays_their_dimensions(tea: Model) -> None:
    stock = variable(tea, "Tea")
    assert isinstance(stock, Stock)
    assert (stock.outflows, stock.equations[0].subscripts) == (("Cooling",), ("Cup",))
    assert not stock.dims  # the subscripts say it all
    assert stock.documentation == "A & B"
    assert [item.subscripts for item in variable(tea, "Delay").equations] == [("mug",), ("glass",)]
    assert [(item.name, item.elements) for item in tea.dimensions] == [
        ("Cup", ("mug", "glass")),
        ("N", ("1", "2", "3")),
    ]


def test_graphical_functions_have_points_or_a_scale_and_a_type(tea: Model) -> None:
    smell = variable(tea, "Smell").equations[0].lookup
    assert smell == Points((20.0, 55.0, 90.0), (0.0, 0.25, 1.0), "extrapolate", (20.0, 90.0), (0.0, 1.0))
    assert variable(tea, "Draught").equations[0].lookup == Points(
        (0.0, 10.0, 30.0), (1.0, 1.5, 1.0), "discrete"
    )


def test_groups_ranges_and_initial_equations_are_kept(tea: Model) -> None:
    assert [item.group for item in tea.variables[-3:]] == ["Senses", "", "Senses"]
    assert variable(tea, "Room Temperature").value_range == (-30.0, 40.0)
    assert variable(tea, "Mood").equations[0].initial == Number(0.5)


def test_views_hold_symbols_pipes_and_connectors(tea: Model) -> None:
    (view,) = tea.views
    assert [(item.kind, item.name, item.points) for item in view.items] == [
        ("stock", "Tea", ()),
        ("flow", "Cooling", ((320.0, 200.0), (450.0, 200.0))),
    ]
    assert [(item.source, item.target, item.angle) for item in view.connectors] == [("Tea", "Cooling", 45.0)]


@pytest.mark.parametrize(
    "before", ["", "<!-- ünïcödé 😀 -- -->\n", "\ufeff<?xml version='1.0' encoding='utf-16'?>\n"]
)
@pytest.mark.parametrize(
    "equation",
    [
        "1 + wrong wrong",
        "a &lt; b &amp;amp; wrong wrong",
        "ä😀 &gt; <![CDATA[ b < ]]> wrong wrong",
        "a\n  + wrong wrong",
    ],
)
def test_errors_in_an_equation_point_at_the_very_characters(before: str, equation: str) -> None:
    text = (
        f"{before}<xmile><sim_specs><start>0</start><stop>1</stop></sim_specs><model><variables>"
        f"<aux name='é'><eqn>{equation}</eqn></aux></variables></model></xmile>"
    )
    with pytest.raises(PenstockError) as caught:
        read_text(text, "test.xmile")
    (found,) = caught.value.diagnostics
    assert found.span.text in ("wrong", "&")
    if found.span.text == "wrong":
        assert found.span.start == text.removeprefix("\ufeff").rindex("wrong")


def test_a_prefix_that_is_never_declared_does_no_harm() -> None:
    assert read("<aux name='a'><eqn>1</eqn><isee:label/></aux><isee:dependencies/>").model.variables


def test_a_prefix_of_the_root_is_dropped_everywhere() -> None:
    text = (
        "<x:xmile xmlns:x='http://docs.oasis-open.org/xmile/ns/XMILE/v1.0'><x:sim_specs><x:start>0</x:start>"
        "<x:stop>1</x:stop></x:sim_specs><x:model><x:variables><x:aux name='a'><x:eqn>1</x:eqn></x:aux>"
        "</x:variables></x:model></x:xmile>"
    )
    assert read_text(text, "test.xmile").model.variables[0].name == "a"


def test_early_files_have_variables_directly_in_the_model() -> None:
    specs = "<sim_specs><start>0</start><stop>1</stop></sim_specs>"
    text = f"<xmile>{specs}<model><aux name='a'><eqn>1</eqn></aux></model></xmile>"
    assert read_text(text, "test.xmile").model.variables[0].name == "a"


def test_an_auxiliary_of_points_alone_is_a_lookup() -> None:
    (item,) = read("<aux name='f'><gf><xpts>0,1</xpts><ypts>0,1</ypts></gf></aux>").model.variables
    assert isinstance(item, Lookup)


def test_elements_take_from_the_variable_what_they_lack() -> None:
    gf = "<gf><xscale min='0' max='1'/><ypts>{}</ypts></gf>"
    text = "<aux name='a'><dimensions><dim name='d'/></dimensions><eqn>TIME</eqn>"
    text += f"<element subscript='x'>{gf.format('0,1')}</element><element subscript='y'><eqn>2</eqn></element></aux>"
    first, second = read(text).model.variables[0].equations
    assert first.expr == Reference("TIME")
    assert first.lookup is not None
    assert (second.expr, second.lookup) == (Number(2.0), None)


def test_arrays_may_list_their_values() -> None:
    (item,) = read(
        "<aux name='a'><dimensions><dim name='d'/></dimensions><eqn>1, 2</eqn></aux>"
    ).model.variables
    assert item.equations[0].expr == ArrayLiteral((Number(1.0), Number(2.0)))


def test_arrays_may_have_an_equation_for_each_element() -> None:
    text = "<aux name='a'><dimensions><dim name='d'/></dimensions><eqn>x</eqn><eqn>2</eqn></aux>"
    assert read(text).model.variables[0].equations[0].expr == ArrayLiteral((Reference("x"), Number(2.0)))


def test_two_equations_for_one_value_are_refused() -> None:
    assert findings("<aux name='a'><eqn>1</eqn><eqn>2</eqn></aux>") == [("PEN106", "2")]
    assert findings("<aux name='a'><eqn>1</eqn><gf/><gf/></aux>") == [("PEN106", "<gf/>")]


def test_a_step_that_is_an_expression_is_divided_through() -> None:
    specs = read(
        "<aux name='a'><eqn>1</eqn></aux>", specs="<start>0</start><stop>1</stop><dt reciprocal='true'>n</dt>"
    )
    assert specs.model.specs.dt == Binary("/", Number(1.0), Reference("n"))


@pytest.mark.parametrize("method", ["rk45", "gear", "cycle time", "RK4 Auto"])
def test_adaptive_and_unknown_methods_are_refused(method: str) -> None:
    found = findings("<aux name='a'><eqn>1</eqn></aux>", method=f'method="{method}"')
    assert [code for code, _ in found] == ["PEN402"]


@pytest.mark.parametrize("specs", ["", "<start>0</start>", "<stop>0</stop>", "<start></start><stop>1</stop>"])
def test_a_model_needs_a_start_and_a_stop(specs: str) -> None:
    assert [code for code, _ in findings("<aux name='a'><eqn>1</eqn></aux>", specs=specs)] == ["PEN101"]


@pytest.mark.parametrize(
    ("variables", "pointed"),
    [
        ("<stock name='s'><eqn>1</eqn><oven/></stock>", "<oven/>"),
        ("<flow name='s'><eqn>1</eqn><leak/><leak_integers/></flow>", "<leak_integers/>"),
    ],
)
def test_what_cannot_be_run_is_refused_by_name(variables: str, pointed: str) -> None:
    assert findings(variables) == [("PEN401", pointed)]


def test_what_has_no_effect_is_a_warning() -> None:
    result = read("<aux name='a'><eqn>1</eqn><event_poster min='0' max='1'/></aux>")
    assert [(item.code, item.severity) for item in result.findings] == [("PEN403", "warning")]


def test_all_errors_of_a_file_are_reported_in_order() -> None:
    variables = (
        "<aux name='a'><eqn>1 +</eqn></aux><aux name='b'/><aux><eqn>1</eqn></aux><aux name='c'><eqn>(</eqn></aux>"
        "<aux name='d'><eqn>1</eqn><gf><xpts>1,0</xpts><ypts>1,2</ypts></gf></aux><aux name='e'><eqn>1</eqn>"
        "<gf><ypts>1,x</ypts></gf></aux><aux name='a'><eqn>2</eqn></aux>"
    )
    assert [code for code, _ in findings(variables)] == [
        "PEN101",
        "PEN208",
        "PEN101",
        "PEN101",
        "PEN301",
        "PEN104",
        "PEN202",
    ]


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><xmile>&b;</xmile>"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BOMB, "PEN006"),
        ("<!DOCTYPE xmile SYSTEM 'http://example.org/x.dtd'><xmile/>", "PEN006"),
        ("<xmile>&lol;</xmile>", "PEN005"),
        ("<xmile><model></xmile>", "PEN005"),
        ("<xmile", "PEN005"),
        ("", "PEN005"),
        ("<!-- never closed", "PEN005"),
        ("<html/>", "PEN007"),
        ("<xmile/>", "PEN009"),
        ("<a>" * 200, "PEN008"),
        ("<xmile>" + "<a>" * 100_000, "PEN008"),
    ],
)
def test_what_is_no_xmile_is_refused(text: str, code: str) -> None:
    with pytest.raises(PenstockError) as caught:
        read_text(text, "test.xmile")
    assert [item.code for item in caught.value.diagnostics] == [code]

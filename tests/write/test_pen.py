"""Penstock's own text holds all that a model is, reads well, and stands up to strangers' files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.expr import ArrayLiteral, Binary, Call, Number, Reference, Subscript, Unary
from penstock.model import (
    Auxiliary,
    Connection,
    Connector,
    Conveyor,
    Dimension,
    DimensionMapping,
    Equation,
    External,
    Flow,
    Group,
    Kept,
    Label,
    Leak,
    Lookup,
    Macro,
    Model,
    Module,
    Parameter,
    Points,
    SimSpecs,
    Slider,
    Stock,
    UnitDefinition,
    Variable,
    View,
    ViewItem,
)
from penstock.read import read_partially, read_text
from penstock.write import write_text

GALLERY = r"""model Gallery
  "All that can be said,"
  "twice"
time 0 to 10 by 1 / 4 {week} save every 1 using rk4

unit week = weeks
unit newton = N = kg*m/s^2
unit {odd = name}
unit Celsius : {degC}

dim Region = north, south -> Zone, (Belt: b1, b2)  "Where"
dim Zone = z1, z2
dim Belt = b1, b2
dim Area <-> Region
dim Number = 1, 2, 3
dim Listed = file("list.xlsx", "Sheet 1", cell "A2", last "A9", prefix "p")

macro grow(x, rate = 0.1 : twice) = level  "Grows"
  stock level = x
    net level * rate
  aux twice = 2 * level
  keep
    this "xmile" "macro"
      "<macro/>"

input aux demand = ?
input const price[Region] = ?
const price[north] = 2
const price[south] = -3
aux sold[Region] except [north], [south] = price[Region]
const table = 1, 2, 3
supplementary aux mood = grow(1 : doubled) initially 0.5 {1}
stock belt = 0 {widget}
  in entering
  out leaving, leaking
  conveyor 4
  capacity 100
  limit 20
  sample 1
  arrest 0
  as discrete, exponential, many at a time, batch integrity
non-negative stock line = 1
  queue
  range 0 to ?
flow leaking = 0.1
  leak 0.25 to 1
flow leaving = 0
output flow entering = 2 {widget/week}
  overflow
  range ? to 10

group Data  "From elsewhere"
data sales {widget/week}
hold data late = sales
raw flow drawn = file("d.csv", ",", cell "B2", along "A")
const fixed = file("d.csv", ",", cell "B2*") initially 3
lookup curve = [0 : 10, 0 : 1] (0, 0) (5, 0.75) (10, 1) extrapolate {1}
lookup read = file("d.xlsx", "S", cell "B2", along "1")
aux effect = lookup(mood; [, 0 : 2] (0, 1) (1, 2) discrete)
const rate = 6 {#/week \{net\}} slider -1 to 1000 by 0.5  "Says \"how\" \\ why"
module Kitchen = Room {m}  "A place"
  connect inside.temperature = outside.any thing

submodel Room  "A submodel"
  time 0 to 5 by 1

  aux temperature = inside
  input aux inside = ?
  view Plan
    aux temperature (1, 2)

view Main view
  looks "mdl" "1,2"
  stock belt (10, 20) (40, 20) id (3) style "a\"b"
  flow entering (1.5, -2) (6, 8) pipe (0, 0) (1, 1) label ((1, 2) (3, 4) 7 "x") id (4)
  cloud (0, 0)
  comment "Line one\nline two" (5, 5)
  alias belt (1, 1)
  picture "a.png" (2, 2)
  arrow belt -> entering (12.5) ends (3, 4) style "s"
  arrow mood -> effect
  pipe entering -> () id (9)

keep
  this "mdl" "settings"
    "1:\"a\""
    ""
  variable late "xmile" "variable"
    "<aux/>"
  module Kitchen "xmile" "module"
    "<module/>"
"""


@pytest.mark.smoke
def test_a_text_with_everything_in_it_is_written_as_it_was_read() -> None:
    model = read_text(GALLERY, "g.pen").model
    written = write_text(model, ".pen")
    assert not written.losses
    assert read_text(written.text, "g.pen").model == model
    assert written.text.splitlines() == GALLERY.splitlines()


def test_what_could_not_be_read_is_listed() -> None:
    model = read_partially("const a = 1\nconst b = )", "x.pen").model
    for format in ("pen", "mdl", "xmile"):
        (loss,) = (item for item in write_text(model, format).losses if item.code == "PEN603")
        assert loss.message == "b could not be read, and is left out"
        assert loss.advice == "Mend it in the file that was read, and write that again."


# --- random models -----------------------------------------------------------------------------------

NAMES = st.sampled_from(
    [
        "Tea",
        "room temperature",
        "Größe",
        "a+b",
        "if",
        "x and y",
        "`q`",
        "time to go",
        "2nd",
        "in",
        "a.b",
        "except",
        "file",
        "Lookup",
        "#",
        '"q"',
    ]
)
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n"), max_size=12)
UNITS = TEXTS.map(lambda text: text.strip())
EXPRESSIONS = st.sampled_from(
    [
        Number(1.5),
        Call("lookup", (Reference("file"), Number(1.0))),
        Reference("room temperature", (Subscript("Größe", reduced=True), Subscript("*"))),
        Unary("not", Binary("<", Unary("-", Reference("if")), Number(1e300))),
        Call("if_then_else", (Reference("a+b"), Call("my macro", (Number(2.0),)), Call("in", ()))),
    ]
)
"""That any expression comes back is tested with the printer."""

FLOATS = st.floats(-1e300, 1e300, allow_nan=False).map(lambda value: value + 0.0)
SOME = st.lists(NAMES, max_size=3).map(tuple)
ONES = st.lists(NAMES, min_size=1, max_size=3).map(tuple)
KEPT = st.lists(st.builds(Kept, TEXTS, TEXTS, TEXTS), max_size=1).map(tuple)
LIMITS = st.none() | st.tuples(FLOATS, FLOATS)


def points() -> st.SearchStrategy[Points]:
    xs = st.lists(FLOATS, min_size=1, max_size=4).map(sorted)
    kinds = st.sampled_from(["continuous", "extrapolate", "discrete", "hold", "forward", "raw"])
    return st.builds(
        lambda x, y, *rest: Points(tuple(x), tuple(y for _ in x), *rest), xs, FLOATS, kinds, LIMITS, LIMITS
    )


def external(what: str) -> st.SearchStrategy[External]:
    return st.builds(External, st.just(what), TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)


@st.composite
def equations(draw: st.DrawFn, kind: type[Variable]) -> Equation:
    subscripts = draw(ONES)
    exceptions = draw(st.lists(ONES, max_size=2).map(tuple))
    if kind is Lookup:
        what = {"lookup": draw(points())} if draw(st.booleans()) else {"external": draw(external("lookups"))}
        return Equation(None, subscripts, exceptions, **what)
    form = draw(st.sampled_from(["plain", "list", "lookup", "file", "data"]))
    expr, initial = draw(EXPRESSIONS), draw(st.none() | EXPRESSIONS)
    rate = draw(st.none() | EXPRESSIONS) if kind is Stock else None
    if form == "data":
        data = draw(st.sampled_from(["interpolate", "hold", "forward", "raw"]))
        source = draw(st.sampled_from([{}, {"expr": expr}, {"external": draw(external("data"))}]))
        return Equation(
            **{"expr": None, **source}, subscripts=subscripts, exceptions=exceptions, rate=rate, data=data
        )
    fields = {
        "plain": {"expr": expr},
        "list": {"expr": ArrayLiteral((expr, *draw(st.sampled_from([(), (Number(1.0),)]))))},
        "lookup": {"expr": expr, "lookup": draw(points())},
        "file": {"expr": None, "external": draw(external("constants"))},
    }[form]
    return Equation(**fields, subscripts=subscripts, exceptions=exceptions, rate=rate, initial=initial)


def conveyors() -> st.SearchStrategy[Conveyor]:
    maybe = st.none() | EXPRESSIONS
    flag = st.booleans()
    return st.builds(Conveyor, EXPRESSIONS, maybe, maybe, maybe, maybe, flag, flag, flag, flag)


@st.composite
def variables(draw: st.DrawFn) -> tuple[Variable, ...]:
    found = []
    for name in draw(st.lists(NAMES, unique_by=str.casefold, min_size=1, max_size=3)):
        kind = draw(st.sampled_from([Stock, Flow, Auxiliary, Lookup]))
        fields = {
            "name": name,
            "equations": draw(st.lists(equations(kind), max_size=2).map(tuple)),
            "units": draw(UNITS),
            "documentation": draw(TEXTS),
            "dims": draw(ONES),
            "value_range": draw(st.none() | st.tuples(st.none() | FLOATS, st.none() | FLOATS)),
            "slider": draw(st.none() | st.builds(Slider, FLOATS, FLOATS, st.none() | FLOATS)),
            "group": draw(st.sampled_from(["", "one", "T#wo"])),
            "access": draw(st.sampled_from(["", "input", "output"])),
            "supplementary": draw(st.booleans()),
            "kept": draw(KEPT),
        }
        if kind in (Stock, Flow):
            fields["non_negative"] = draw(st.booleans())
        if kind is Stock:
            fields |= {"inflows": draw(SOME), "outflows": draw(SOME), "queue": draw(st.booleans())}
            fields["conveyor"] = draw(st.none() | conveyors())
        if kind is Flow:
            fields["leak"] = draw(st.none() | st.builds(Leak, st.floats(0, 1), st.floats(0, 1)))
            fields["overflow"] = draw(st.booleans())
        found.append(kind(**fields))
    return tuple(found)


def views() -> st.SearchStrategy[View]:
    item = st.builds(
        ViewItem,
        st.sampled_from(["stock", "flow", "auxiliary", "cloud", "alias"]),
        NAMES | st.just(""),
        FLOATS,
        FLOATS,
        FLOATS,
        FLOATS,
        st.lists(st.tuples(FLOATS, FLOATS), max_size=2).map(tuple),
        st.none() | st.builds(Label, FLOATS, FLOATS, FLOATS, FLOATS, st.integers(0, 99), TEXTS),
        st.integers(0, 99),
        TEXTS,
    )
    comment = st.builds(ViewItem, st.sampled_from(["comment", "picture"]), TEXTS, FLOATS, FLOATS)
    ends = st.tuples(st.integers(0, 9), st.integers(0, 9))
    arrow = st.builds(
        Connector, NAMES, NAMES | st.just(""), st.none() | FLOATS, st.integers(0, 99), ends, TEXTS
    )
    arrows = st.lists(arrow, max_size=2).map(tuple)
    return st.builds(
        View, NAMES, st.lists(item | comment, max_size=3).map(tuple), arrows, arrows, TEXTS, TEXTS
    )


def everything_compared(model: Model) -> object:
    """Also what two equal views may differ in."""
    parts = (model, *model.submodels)
    views = [view for part in parts for view in part.views]
    kept = [(part.kept, [item.kept for item in (*part.variables, *part.modules)]) for part in parts]
    kept += [(item.kept, [variable.kept for variable in item.variables]) for item in model.macros]
    return kept, [
        (v.format, v.style, v.pipes, [(i.label, i.uid, i.style) for i in v.items], v.connectors)
        for v in views
    ]


@st.composite
def models(draw: st.DrawFn) -> Model:
    clock = SimSpecs(
        draw(EXPRESSIONS),
        draw(EXPRESSIONS),
        draw(EXPRESSIONS),
        draw(st.none() | EXPRESSIONS),
        "rk2",
        draw(UNITS),
    )
    mapping = st.builds(DimensionMapping, NAMES, SOME)
    mappings = st.lists(mapping, max_size=2).map(tuple)
    dimension = st.one_of(
        st.builds(Dimension, NAMES, ONES, mappings, documentation=TEXTS),
        st.builds(Dimension, NAMES, st.just(()), same_as=NAMES, documentation=TEXTS),
        st.builds(Dimension, NAMES, st.just(()), mappings, external=external("subscript")),
    )
    parameters = st.lists(st.builds(Parameter, NAMES, st.none() | EXPRESSIONS), max_size=2).map(tuple)
    macro = st.builds(
        Macro, st.just("my macro"), parameters, variables(), SOME, st.none() | EXPRESSIONS, TEXTS
    )
    connections = st.lists(st.builds(Connection, NAMES, NAMES), max_size=2).map(tuple)
    module = st.builds(Module, st.just("m"), st.just("") | NAMES, connections, UNITS, TEXTS)
    unit = st.builds(
        UnitDefinition, UNITS.filter(bool), st.lists(UNITS.filter(bool), max_size=2).map(tuple), UNITS
    )
    submodel = st.builds(
        Model,
        NAMES,
        variables(),
        st.just(clock) | st.just(SimSpecs()),
        views=st.lists(views(), max_size=1).map(tuple),
    )
    return Model(
        draw(NAMES),
        draw(variables()),
        clock,
        draw(st.lists(dimension, max_size=2).map(tuple)),
        draw(st.lists(views(), max_size=2).map(tuple)),
        draw(TEXTS),
        draw(st.lists(macro, max_size=1).map(tuple)),
        draw(st.lists(module, max_size=1).map(tuple)),
        draw(st.lists(submodel, max_size=1).map(tuple)),
        draw(st.lists(unit, max_size=2).map(tuple)),
        kept=draw(KEPT),
        groups=draw(st.sampled_from([(), (Group("one", "first"),), (Group("x", "y"), Group("one", "a\nb"))])),
    )


@given(model=models())
def test_any_model_comes_back_as_it_was(model: Model) -> None:
    written = write_text(model, "pen")
    assert not written.losses
    back = read_text(written.text, "x.pen").model
    assert back == model
    assert everything_compared(back) == everything_compared(model)

"""Vensim files as Vensim writes them: the text itself, what a sketch keeps, and names and words of every kind."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.compiler import compile_text
from penstock.expr import Binary, Number, Reference
from penstock.model import Auxiliary, Equation, Flow, Model, SimSpecs, Stock, canonical
from penstock.read import read_partially, read_text
from penstock.read.dialects import plain
from penstock.read.files import load
from penstock.read.mdl.assemble import CONTROLS
from penstock.run import simulate
from penstock.write.losses import Written
from penstock.write.mdl import write_mdl

WEB = Path(__file__).parents[2] / "web"
PAGE = (WEB / "manual/vensim.md").read_text(encoding="utf-8")
GAME = WEB / "samples/beer-game.pen"


def read(text: str, format: str = "mdl") -> Model:
    return read_text(text, f"model.{format}", format).model


def back(written: Written) -> Model:
    return read(written.text)


def messages(written: Written) -> list[str]:
    return [loss.message for loss in written.losses]


CONTROL = """\
********************************************************
	.Control
********************************************************~
		Simulation Control Parameters
	|

FINAL TIME =
	30
	~	Minute
	~	The final time for the simulation.
	|

INITIAL TIME =
	0
	~	Minute
	~	The initial time for the simulation.
	|

SAVEPER =
	TIME STEP
	~	Minute [0,?]
	~	The frequency with which output is stored.
	|

TIME STEP =
	0.125
	~	Minute [0,?]
	~	The time step for the simulation.
	|

"""

PEN = """model model
time 0 to 30 by 0.125 {Minute}
dim Cup = mug, glass
stock Tea[Cup] = 90 {Celsius} "Hot | cold"
  out Cooling
flow Cooling[Cup] = (Tea[Cup] - Room Temperature) / Delay * Draught(Time)
aux Delay = 10 {Minute}
aux Room Temperature = 20 slider -30 to 40 by 0.5
lookup Draught = (0, 1), (10, 1.5), (30, 1)
aux Smell = lookup(Tea[mug]; (20, 0) (90, 1))
"""

EXPECTED = f"""\
{{UTF-8}}
Cup: mug, glass
	~
	~
	|

Tea[Cup]= INTEG (
	-Cooling[Cup],
		90)
	~	Celsius
	~	Hot / cold
	|

Cooling[Cup]=
	(Tea[Cup] - Room Temperature) / Delay * Draught(Time)
	~
	~
	|

Delay=
	10
	~	Minute
	~
	|

Room Temperature=
	20
	~	[-30,40,0.5]
	~
	|

Draught((0,1),(10,1.5),(30,1))
	~
	~
	|

Smell= WITH LOOKUP (
	Tea[mug],
		((20,0),(90,1)) )
	~
	~
	|

{CONTROL}"""
EXPECTED = re.sub(r"(?m)^\t~$", "\t~\t", EXPECTED)


def test_a_model_is_written_as_vensim_writes_it() -> None:
    assert write_mdl(read(PEN, "pen")).text == EXPECTED


EVERYTHING = r"""{UTF-8}
:MACRO: DOUBLE(x : other)
DOUBLE= INTEG( x, 0 ) ~ ~ |
other = x ~~|
:END OF MACRO:
Dim: a1, a2, a3 -> (Other: b1, b2, b3), Third ~~ Three of them. |
Other: b1, b2, b3 ~~|
Third: c1, c2, c3 ~~|
Sub: a1, a2 ~~|
Same <-> Dim ~~|
From file: GET DIRECT SUBSCRIPT('d.csv', ',', 'A2', 'A', 'x') ~~|
********************************************************
	.Parts
********************************************************~
		Of the whole.
	|
p[Dim] :EXCEPT: [a1], [a2] = 5 ~~|
p[a1] = 1 ~~|
p[a2] = -2 ~ Widget [0,10,1] ~ Some \
	of them. ~ :SUPPLEMENTARY |
table[Sub, Other] = 1, 2, 3; 4, 5, 6; ~~|
tabbed[Sub] = TABBED ARRAY( 1 -2 ) ~~|
one[Sub] = 1; ~~|
data[Dim] :INTERPOLATE: = GET DIRECT DATA("d|x.csv", ',', 'A', 'B2') ~~|
raw data :RAW: ~~|
plain data ~~|
derived :HOLD BACKWARD: := plain data * 2 ~~|
constants[Dim] = GET DIRECT CONSTANTS('d.xlsx', 'Sheet 1', 'B2*') ~~|
"f~|(x)"( GET DIRECT LOOKUPS('d.csv', ',', '1', 'B2') ) ~~|
g( [(0,0)-(10,2),(1,1)], (0,1), (10,-2) ) ~~|
started = ACTIVE INITIAL( p[a1] * 2, 0.5 ) ~~|
called = DOUBLE(p[a1] : out) + SUM(p[Dim!]) ~~|
missing = IF THEN ELSE(Time > 5 :AND: :NOT: (called = :NA:), -2^2, (-2)^2 - (3 - 4) - 5) ~ [?,3] ~ |
FINAL TIME = 30 ~ Minute [0,100] ~ When it ends. |
INITIAL TIME = 0 ~ Minute ~ |
TIME STEP = 0.5 ~ Minute ~ |
"""


def test_whatever_a_vensim_file_says_is_written_back() -> None:
    model = read(EVERYTHING)
    written = write_mdl(model)
    assert messages(written) == []
    assert back(written) == model
    assert set(back(written).kept) >= set(model.kept)
    assert "FINAL TIME =\n\t30\n\t~\tMinute [0,100]\n\t~\tWhen it ends.\n" in written.text
    assert (
        "p[a2]=\n\t-2\n\t~\tWidget [0,10,1]\n\t~\tSome of them.\n\t~\t:SUPPLEMENTARY\n\t|\n" in written.text
    )
    assert "table[Sub, Other]=\n\t1, 2, 3;\\\n\t\t4, 5, 6;\n" in written.text


SKETCH = r"""\\\---/// Sketch information - do not modify anything except names
V300  Do not put anything below this section - it will be ignored
*First
$192-192-192,0,Helvetica|10|B|0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|96,96,100,0
10,1,Tea,300,200,40,20,3,3,0,0,0,0,0,0
12,2,48,500,200,10,8,0,3,0,0,-1,0,0,0
1,3,5,2,4,0,0,22,0,0,0,-1--1--1,,1|(441,200)|
1,4,5,1,100,0,0,22,0,0,0,-1--1--1,,1|(360,200)|
11,5,444,408,200,6,8,34,3,0,0,1,0,0,0
10,6,Cooling,408,216,49,8,40,3,0,0,-1,0,0,0
10,7,"A, \"x\"",469,304,49,8,8,3,0,2,0,0,0,0,255-0-0,0-0-0,|12|B|0-0-255
1,8,7,6,1,0,43,0,2,192,0,-1--1--1,|||255-0-0,1|(420,260)|
12,9,0,100,50,30,10,8,4,0,8,-1,0,0,0,0-0-0,0-0-0,|8|B|0-0-0
* Not a view, ~ but a |comment|
1,10,9,7,0,0,0,0,0,0,0,-1--1--1,,1|(0,0)|
11,11,0,700,200,6,8,2,3,0,0,1,0,0,0
30,12,logo.bmp,67,332,61,280,8,3,0,0,-1,0,0,0
10,13,Tea,600,400,26,11,8,2,0,3,-1,0,0,0,128-128-128,0-0-0,|||128-128-128
\\\---/// Sketch information - do not modify anything except names
V300  Do not put anything below this section - it will be ignored
*Second
$0-0-0,0,|12||-1--1--1|0-0-0|0-0-255|-1--1--1|-1--1--1|96,96,100,0
///---\\\
"""
SETTINGS = ":L\x7f<%^E!@\n1:tea.vdf\n22:Day,Days\n15:0,0,0,5,0,0\n19:100,0\n6:mug\n"
DRAWN = (
    'Tea = INTEG( -Cooling, 90 ) ~~|\nCooling = 5 ~~|\n"A, \\"x\\"" = 1 ~~|\n'
    "INITIAL TIME = 0 ~~|\nFINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\n"
) + (SKETCH + SETTINGS)


def tail(text: str) -> str:
    return text[text.index("\\\\\\---") :]


def test_sketches_and_settings_come_back_to_the_letter() -> None:
    written = write_mdl(read(DRAWN))
    assert messages(written) == []
    assert tail(written.text) == tail(DRAWN)


def test_a_sketch_shows_what_its_lines_say() -> None:
    first, second = read(DRAWN).views
    shown = [(item.kind, item.name) for item in first.items]
    assert shown == [
        ("stock", "Tea"),
        ("cloud", ""),
        ("flow", "Cooling"),
        ("auxiliary", 'A, "x"'),
        ("comment", "* Not a view, ~ but a |comment|"),
        ("flow", ""),
        ("picture", "logo.bmp"),
        ("alias", "Tea"),
    ]
    # Out of the right edge of the stock at 300 ± 40, into the left edge of the cloud at 500 ± 10.
    assert first.items[2].points == ((340.0, 200.0), (490.0, 200.0))
    assert (first.items[2].x, first.items[2].y) == (408.0, 200.0)
    assert [(item.source, item.target) for item in first.connectors] == [
        ('A, "x"', "Cooling"),
        ("* Not a view, ~ but a |comment|", 'A, "x"'),
    ]
    assert (second.name, second.items) == ("Second", ())


def test_a_pipe_turns_a_corner_where_its_ends_do_not_lie_opposite() -> None:
    bent = DRAWN.replace("12,2,48,500,200", "12,2,48,500,400").replace("|(441,200)|", "|(500,200)|")
    assert read(bent).views[0].items[2].points == ((340.0, 200.0), (500.0, 200.0), (500.0, 392.0))


def test_what_is_moved_keeps_its_looks() -> None:
    model = read(DRAWN)
    view = model.views[0]
    items = tuple(replace(item, x=item.x + 7) if item.kind == "comment" else item for item in view.items)
    moved = replace(model, views=(replace(view, items=items), *model.views[1:]))
    assert tail(write_mdl(moved).text) == tail(DRAWN).replace("12,9,0,100,", "12,9,0,107,")


def test_what_is_taken_away_takes_its_arrows_with_it_and_a_loss_says_so() -> None:
    model = read(DRAWN)
    view = model.views[0]
    items = tuple(item for item in view.items if item.kind != "comment")
    written = write_mdl(replace(model, views=(replace(view, items=items),)))
    assert "1,10,9,7" not in written.text
    assert any("arrows in the diagram First" in text for text in messages(written))


def test_the_method_and_the_units_are_the_models_whatever_the_settings_said() -> None:
    model = read(DRAWN)
    other = replace(model, specs=replace(model.specs, method="rk2"), units=())
    written = write_mdl(other)
    assert "\n15:0,0,0,4,0,0\n" in written.text
    assert "22:Day" not in written.text
    assert "6:mug" in written.text
    assert back(written) == other
    euler = replace(other, specs=replace(other.specs, method="something else"))
    assert any("the method something else" in text for text in messages(write_mdl(euler)))


XMILE = """<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><name>model</name></header>
<sim_specs method="Euler"><start>0</start><stop>4</stop><dt>0.25</dt></sim_specs>
<dimensions><dim name="D"><elem name="u"/><elem name="v"/></dim></dimensions>
<model><variables>
<stock name="S"><eqn>1</eqn><inflow>a</inflow><inflow>b</inflow><outflow>c</outflow></stock>
<flow name="a"><eqn>0.1 * S</eqn></flow>
<flow name="b"><eqn>0.7 + TIME * DT</eqn></flow>
<flow name="c"><eqn>INT(S / 3) - INT(-S)</eqn></flow>
<stock name="R"><dimensions><dim name="D"/></dimensions><eqn>5</eqn><outflow>out</outflow></stock>
<flow name="out"><dimensions><dim name="D"/></dimensions><eqn>R * k</eqn><non_negative/></flow>
<aux name="k"><dimensions><dim name="D"/></dimensions>
  <element subscript="u"><eqn>0.1</eqn></element><element subscript="v"><eqn>-0.2</eqn></element></aux>
<aux name="curve"><eqn>TIME</eqn><gf><xscale min="0" max="4"/><ypts>0,2,3</ypts></gf></aux>
<aux name="seen"><eqn>LOOKUP(curve, 3) + curve</eqn></aux>
<aux name="total"><eqn>SUM(R) + SUM(R[*]) + SAFEDIV(1, S, 2)</eqn></aux>
</variables>
<views><view><stock name="S" x="100" y="100"/><stock name="R" x="100" y="300"/>
<flow name="a" x="60" y="100"><pts><pt x="20" y="100"/><pt x="80" y="100"/></pts></flow>
<aux name="total" x="200.4" y="200"/><connector angle="45"><from>S</from><to>total</to></connector>
</view></views></model></xmile>"""


def test_flows_of_a_stock_stay_flows_and_add_up_in_the_same_order() -> None:
    written = write_mdl(read(XMILE, "xmile"))
    assert "S= INTEG (\n\ta + b - c,\n\t\t1)" in written.text
    assert "R[D]= INTEG (\n\t-out[D],\n\t\t5)" in written.text
    stock, *flows = back(written).variables[:4]
    assert isinstance(stock, Stock)
    assert (stock.inflows, stock.outflows, stock.equations[0].rate) == (("a", "b"), ("c",), None)
    assert [type(item) for item in flows] == [Flow, Flow, Flow]


def test_what_vensim_says_in_other_words_has_the_same_bits() -> None:
    written = write_mdl(read(XMILE, "xmile"))
    before = simulate(compile_text(XMILE, "model.xmile"), engine="vm")
    after = simulate(compile_text(written.text, "model.mdl"), engine="vm")
    assert {name.casefold() for name in before.names} == {name.casefold() for name in after.names}
    for name in before.names:
        assert before[name].tobytes() == after[name].tobytes(), name
    told = "\n".join(messages(written))
    for word in (
        "the name DT",
        "the function floor",
        "the function safediv",
        "out is never negative",
        "the diagram",
    ):
        assert word in told


BEFORE = """time 0 to 5 by 0.3 using euler
dim D = u, v
stock s = 1
  net previous(f, s) * 0.1 - previous(s)
aux f = s * sin(Time) + previous(f, 3)
aux g[D] = f + previous(g, 2)
aux h[D] = sum(previous(g[*], 4)) + 1
aux n = previous(0 - 1 / Time, 0 / 0)
aux r = previous(random_uniform(0, 1))
"""


@pytest.mark.parametrize("text", [BEFORE, GAME.read_text(encoding="utf-8")], ids=["all kinds", "beer game"])
def test_the_value_before_has_the_same_bits_as_a_fixed_delay_of_a_step(text: str) -> None:
    written = write_mdl(read(text, "pen"))
    assert "PREVIOUS" not in written.text
    for engine in ("vm", "wasm"):
        before = simulate(compile_text(text, "model.pen"), engine=engine)
        after = simulate(compile_text(written.text, "model.mdl"), engine=engine)
        spelled = {name.casefold(): name for name in after.names}
        for name in before.names:
            assert before[name].tobytes() == after[spelled[name.casefold()]].tobytes(), name


def test_the_value_before_is_no_fixed_delay_by_other_methods() -> None:
    model = read(BEFORE.replace("euler", "rk4"), "pen")
    written = write_mdl(model)
    assert "PREVIOUS" in written.text
    assert "DELAY FIXED" not in written.text
    assert any("the function previous, which is written as PREVIOUS" in text for text in messages(written))


def test_a_diagram_from_elsewhere_gets_valves_clouds_and_arcs() -> None:
    written = write_mdl(read(XMILE, "xmile"))
    (view,) = back(written).views
    assert [(item.kind, item.name) for item in view.items] == [
        ("stock", "S"),
        ("stock", "R"),
        ("flow", "a"),
        ("auxiliary", "total"),
        ("cloud", ""),
    ]
    # From the cloud's right edge to the stock's left one.
    assert view.items[2].points == ((30.0, 100.0), (60.0, 100.0))
    # The chord from (100, 100) to (200, 200) falls by 45° and the arc leaves rising by 45°: a quarter turn to the
    # left of it, so the middle lies half a chord above it.
    (arc,) = (line for line in written.text.split("\n") if line.endswith("|(200,100)|"))
    assert arc.startswith("1,")


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("non-negative stock s = 1\n", "s is never negative"),
        ("stock s = 1\n  in f\nflow f = 5\n", "that f is a flow"),
        ("lookup f = (0, 1), (1, 2) discrete\naux a = f(Time)\n", "the way between the points of f"),
        ('model m "All about it"\naux a = 1\n', "the documentation of the model"),
        ("aux a = Time mod 2\n", "the operator mod"),
        ("aux a = previous(Time, 0)\n", "the function previous"),
        (
            "aux a = previous(Time) + 1\n",
            "the equation of a, which is written as DELAY FIXED within an expression",
        ),
        ("aux a = floor(random_uniform(0, 9))\n", "the function floor, which is written as FLOOR"),
        ("unit N = kg*m/s^2\naux a = 1\n", "what the unit N is made of"),
    ],
)
def test_what_has_no_place_in_a_vensim_file_is_listed(text: str, lost: str) -> None:
    written = write_mdl(read(text + "time 0 to 1 by 1\n", "pen"))
    assert any(lost in text for text in messages(written)), messages(written)
    back(written)


# Names and words of every kind ---------------------------------------------------------------------------

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
SETTINGS_OF_RUNS = {"time", *CONTROLS}
NAMES = WORDS.map(plain).filter(
    lambda name: canonical(name) and not name.endswith("\\") and canonical(name) not in SETTINGS_OF_RUNS
)


@st.composite
def models(draw: st.DrawFn) -> Model:
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique_by=canonical))
    variables = [
        Auxiliary(
            name,
            (Equation(Binary("+", Number(1.0), Reference("Time"))),),
            draw(WORDS),
            draw(st.one_of(WORDS, st.sampled_from(DOCUMENTS))),
            group=draw(st.sampled_from(["", "Group", "A|b"])),
            supplementary=draw(st.booleans()),
        )
        for name in names
    ]
    return Model("model", tuple(variables), SimSpecs())


DOCUMENTS = [
    "a ~ b",
    "~ :SUPPLEMENTARY",
    "ends with ~",
    "ends with \\",
    "a \\\nb",
    "a | b",
    '"{unclosed',
    "two\n\nparagraphs\n  and an indented line",
    "long " * 100,
    "long" * 100,
    "\\\\\\---/// Sketch",
    "***",
]


@given(models())
def test_names_and_words_of_every_kind_come_back_or_are_listed(model: Model) -> None:
    written = write_mdl(model)
    found = read_text(written.text, "model.mdl", "mdl").model
    assert {item.ident for item in found.variables} == {item.ident for item in model.variables}
    if not written.losses:
        assert found == model
    again = write_mdl(found)
    assert again.text == written.text


@pytest.mark.parametrize("documentation", DOCUMENTS)
def test_documentation_never_ends_a_block(documentation: str) -> None:
    variables = tuple(
        Auxiliary(name, (Equation(Number(1.0)),), documentation=documentation) for name in ("a", "b")
    )
    written = write_mdl(Model("model", variables))
    found = back(written)
    assert [item.name for item in found.variables] == ["a", "b"]
    same = [item.documentation for item in found.variables] == [documentation] * 2
    assert same == (not any("documentation" in text for text in messages(written)))


def test_long_equations_stand_on_lines_that_a_screen_shows() -> None:
    terms = " + ".join(f'IF THEN ELSE("a, b & c {number}" > 1, {number}, Time)' for number in range(60))
    names = "".join(f'"a, b & c {number}" = 1 ~~|\n' for number in range(60))
    controls = "INITIAL TIME = 0 ~~|\nFINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\n"
    model = read(f"x = {terms} ~ ~ |\n{names}{controls}")
    written = write_mdl(model)
    assert back(written) == model
    lines = written.text.split("\n")
    assert max(map(len, lines)) < 100
    assert sum(line.endswith("\\") for line in lines) > 30


def test_names_in_a_macro_are_its_own() -> None:
    macro = ":MACRO: M(x)\nM = INTEG( f, x ) ~~|\nf = x ~~|\n:END OF MACRO:\n"
    text = f"{macro}D: u, v ~~|\nf[D] = 1 ~~|\na = M(f[u]) ~~|\n"
    model = read(text + "INITIAL TIME = 0 ~~|\nFINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\n")
    written = write_mdl(model)
    assert messages(written) == []
    assert back(written) == model


def test_looks_that_hold_a_line_end_do_not_reach_the_file() -> None:
    model = read(DRAWN)
    view = model.views[0]
    items = tuple(replace(item, style="8,3\n///---\n15:9") for item in view.items)
    written = write_mdl(replace(model, views=(replace(view, items=items, style="a\nb"),)))
    assert "15:9" not in written.text
    assert [item.kind for item in back(written).views[0].items] == [item.kind for item in items]


def test_a_variable_that_repeats_a_setting_is_the_setting() -> None:
    text = "time 0 to 9 by 0.5\naux FINAL TIME = 9\naux a = FINAL TIME\naux SAVEPER = 3\n"
    written = write_mdl(read(text, "pen"))
    assert [item.name for item in back(written).variables] == ["a"]
    told = messages(written)
    assert any("FINAL TIME, which is written as a setting" in text for text in told)
    assert any("SAVEPER, which has the name of a setting, which is left out" in text for text in told)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Time mod 2", "MODULO(Time, 2)"),
        ("safediv(Time, 2, 3)", "XIDZ(Time, 2, 3)"),
        ("safediv(Time, 2)", "ZIDZ(Time, 2)"),
        ("switch(Time, 2)", "IF THEN ELSE(Time > 2, 1, 0)"),
        ("floor(Time)", "INTEGER(Time) - IF THEN ELSE(INTEGER(Time) > Time, 1, 0)"),
        ("previous(Time, 2)", "DELAY FIXED(Time, TIME STEP, 2)"),
        ("dt", "TIME STEP"),
    ],
)
def test_what_the_manual_says_of_other_words_is_so(said: str, written: str) -> None:
    model = read(f"time 0 to 1 by 1\naux a = {said}\n", "pen")
    assert f"a=\n\t{written}\n" in write_mdl(model).text
    assert (
        f"`{written}`".replace("Time, 2, 3", "a, b, c").replace("Time, 2", "a, b").replace("Time", "x")
        in PAGE
    )


def sketch_lines(text: str) -> list[str]:
    """The lines of sketches and settings, without arrows at symbols that are not there."""
    there = {tuple(line.split(",")[:2]) for line in text.split("\n")}
    uids = {uid for kind, *uid in there if kind in ("10", "11", "12", "30") for uid in uid}
    lines = tail(text).split("\n") if "\\\\\\---" in text else []
    kept = (line.rstrip() for line in lines if line[:2] != "1," or {*line.split(",")[2:4]} <= uids)
    return [line for line in kept if line]


def test_sketches_of_the_corpus_come_back_to_the_letter(corpus: Path) -> None:
    count = 0
    for entry in json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))["models"]:
        if entry["format"] != "mdl":
            continue
        text = load(corpus / entry["model"])
        model = read_partially(text, "model.mdl", "mdl").model
        assert sketch_lines(write_mdl(model).text) == sketch_lines(text) or not sketch_lines(text), entry[
            "model"
        ]
        count += bool(sketch_lines(text))
    assert count

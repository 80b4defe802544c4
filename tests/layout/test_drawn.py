"""Views as their authors drew them: places, bends, and what is left out."""

import json
import math
from pathlib import Path

import pytest

from layout.geometry import centre_of, clashes
from penstock.errors import PenstockError
from penstock.layout import Diagram, Symbol, diagram
from penstock.model import Model
from penstock.read import read_partially, read_text
from penstock.read.files import load

VENSIM = r"""{UTF-8}
Level= INTEG (-Loss, 100) ~ ~ |
Loss= (Level-Room)/Delay ~ ~ |
Room= 20 ~ ~ |
Delay= 5 ~ ~ |
Seen= Level ~ ~ |
INITIAL TIME = 0 ~ ~ |
FINAL TIME = 10 ~ ~ |
TIME STEP = 1 ~ ~ |
\\\---/// Sketch information - do not modify anything except names
V300  Do not put anything below this section - it will be ignored
*First
$192-192-192,0,Times New Roman|12||0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|96,96,100,0
10,1,Level,300,200,40,20,3,3,0,0,0,0,0,0
12,2,48,560,200,10,8,0,3,0,0,-1,0,0,0
1,3,5,2,4,0,0,22,0,0,0,-1--1--1,,1|(505,200)|
1,4,5,1,100,0,0,22,0,0,0,-1--1--1,,1|(390,200)|
11,5,48,440,200,6,8,34,3,0,0,1,0,0,0
10,6,Loss,440,216,20,8,40,3,0,0,-1,0,0,0
10,7,Room,520,330,20,8,8,3,0,0,0,0,0,0
10,8,Delay,440,90,20,8,8,3,0,0,0,0,0,0
1,9,8,6,0,0,0,0,0,64,0,-1--1--1,,1|(440,140)|
1,10,1,6,1,0,0,0,0,64,0,-1--1--1,,1|(370,240)|
1,11,7,6,1,1,0,0,0,64,0,-1--1--1,,1|(470,280)|
12,12,0,150,330,60,8,8,4,0,0,-1,0,0,0
A note
12,13,0,150,430,60,40,3,188,0,0,-1,0,0,0
SOME_GRAPH
*Second
$192-192-192,0,Times New Roman|12||0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|96,96,100,0
10,1,Level,100,100,30,8,8,2,0,3,-1,0,0,0,128-128-128,0-0-0,|12||128-128-128
10,2,Seen,300,100,20,8,8,3,0,0,0,0,0,0
1,3,1,2,0,0,0,0,0,64,0,-1--1--1,,1|(0,0)|
10,4,Room,100,300,30,8,8,2,1,3,-1,0,0,0,128-128-128,0-0-0,|12||128-128-128
///---\\\
"""

XMILE = """<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><name>m</name></header>
<sim_specs><start>0</start><stop>1</stop><dt>1</dt></sim_specs>
<model><variables>
<stock name="S"><eqn>1</eqn><inflow>f</inflow></stock><flow name="f"><eqn>a</eqn></flow>
<aux name="a"><eqn>1</eqn></aux><aux name="b"><eqn>a</eqn></aux>
</variables><views><view>
<stock name="S" x="400" y="100"/>
<flow name="f" x="300" y="100"><pts><pt x="220" y="100"/><pt x="377" y="100"/></pts></flow>
<aux name="a" x="100" y="300" label_side="left"/><aux name="b" x="300" y="300"/>
<connector angle="ANGLE"><from>a</from><to>b</to></connector>
</view></views></model></xmile>"""


def vensim() -> Model:
    return read_text(VENSIM, "model.mdl").model


def symbol(made: Diagram, name: str) -> Symbol:
    [found] = [symbol for symbol in made.symbols if symbol.name == name]
    return found


def test_symbols_keep_the_places_that_their_author_gave_them() -> None:
    """Up to the one shift that puts the drawing at the page's corner."""
    made = diagram(vensim(), view="First")
    level, loss = symbol(made, "Level"), symbol(made, "Loss")
    assert (loss.x - level.x, loss.y - level.y) == pytest.approx((140.0, 0.0))
    assert (level.width, level.height) == (80.0, 40.0)
    assert symbol(made, "Delay").x == loss.x
    assert symbol(made, "Room").x - loss.x == pytest.approx(80.0)


def test_a_pipe_runs_from_its_stock_by_the_valve_to_its_cloud() -> None:
    made = diagram(vensim(), view="First")
    [pipe] = made.pipes
    assert made.symbols[pipe.flow].name == "Loss"
    assert pipe.source is not None
    assert made.symbols[pipe.source].name == "Level"
    assert pipe.target is not None
    assert made.symbols[pipe.target].kind == "cloud"
    assert pipe.points[0][0] < symbol(made, "Loss").x < pipe.points[-1][0]


def test_an_arrow_of_vensim_bends_through_its_handle() -> None:
    made = diagram(vensim(), view="First")
    level = symbol(made, "Level")
    [arrow] = [arrow for arrow in made.arrows if arrow.source == level.id]
    centre = centre_of(arrow)
    # The handle of the file, moved as the stock was; bends are kept to three digits of the chord's length.
    handle = 370 - 300 + level.x, 240 - 200 + level.y
    assert math.dist(centre, handle) == pytest.approx(arrow.radius, abs=1.0)


def test_hidden_arrows_and_words_controls_and_graphs_are_left_out() -> None:
    made = diagram(vensim(), view="First")
    assert {made.symbols[arrow.source].name for arrow in made.arrows} == {"Delay", "Level"}
    texts = [symbol.name for symbol in made.symbols if symbol.kind == "comment"]
    assert texts == ["A note"]
    assert "Room" not in [symbol.name for symbol in diagram(vensim(), view=2).symbols]


def test_a_shadow_is_an_alias_in_angle_brackets() -> None:
    made = diagram(vensim(), view="Second")
    level = symbol(made, "Level")
    assert level.kind == "alias"
    assert level.label is not None
    assert level.label.lines == ("‹Level›",)


def test_all_views_are_drawn_in_frames_in_the_order_of_the_file() -> None:
    made = diagram(vensim())
    assert [frame.title for frame in made.frames] == ["First", "Second"]


def test_an_unknown_view_is_an_error_that_lists_those_there_are() -> None:
    with pytest.raises(PenstockError) as caught:
        diagram(vensim(), view="Third")
    assert "1 First; 2 Second" in str(caught.value)


@pytest.mark.parametrize("angle", [0, 30, -45, 80, -80])
def test_an_arrow_of_xmile_leaves_at_its_angle(angle: int) -> None:
    """The tangent of the arc where it passes the centre of its source is turned so far from the x axis."""
    made = diagram(read_text(XMILE.replace("ANGLE", str(angle)), "m.xmile").model)
    a, b = symbol(made, "a"), symbol(made, "b")
    [arrow] = [arrow for arrow in made.arrows if arrow.target == b.id]
    assert b.y == a.y
    if angle == 0:
        assert arrow.radius == 0
        return
    # Chord c and angle t at its end make a circle of radius c / (2 sin t), whose top is on the side of the angle.
    assert arrow.radius == pytest.approx((b.x - a.x) / 2 / math.sin(math.radians(abs(angle))), rel=2e-3)
    assert arrow.sweep == (angle > 0)


def test_a_pipe_without_a_cloud_in_the_file_gets_one() -> None:
    made = diagram(read_text(XMILE.replace("ANGLE", "0"), "m.xmile").model)
    [pipe] = made.pipes
    assert pipe.source is not None
    assert made.symbols[pipe.source].kind == "cloud"
    # The pipe ends at the box that is drawn, which is wider than the file's.
    assert pipe.points[-1][0] == symbol(made, "S").x - symbol(made, "S").width / 2


def test_a_name_stands_at_the_side_that_the_file_says() -> None:
    made = diagram(read_text(XMILE.replace("ANGLE", "0"), "m.xmile").model)
    label = symbol(made, "a").label
    assert label is not None
    assert label.box[2] < symbol(made, "a").x


def test_symbols_in_the_same_place_are_moved_apart() -> None:
    text = XMILE.replace("ANGLE", "0").replace('x="300" y="300"', 'x="101" y="300"')
    assert not clashes(diagram(read_text(text, "m.xmile").model))


def test_a_file_with_views_can_be_laid_out_anew() -> None:
    made = diagram(vensim(), auto=True)
    assert not made.frames
    assert {symbol.kind for symbol in made.symbols} == {"stock", "flow", "cloud", "auxiliary", "constant"}


def test_nothing_covers_anything_in_the_views_of_the_corpus(corpus: Path) -> None:
    files = sorted({row["model"] for row in json.loads((corpus / "manifest.json").read_text())["models"]})
    wrong = {}
    for name in files:
        read = read_partially(load(corpus / name), name).model
        if any(part.views for part in (read, *read.submodels)) and (found := clashes(diagram(read))):
            wrong[name] = found[:3]
    assert not wrong

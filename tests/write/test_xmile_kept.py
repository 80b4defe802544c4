"""What XMILE files say besides their model, which is given back when the model is written again."""

from dataclasses import replace

import pytest

from penstock.errors import PenstockError
from penstock.model import Kept, Model
from penstock.read import read_text
from penstock.write import Written, write_text
from write.trips import difference, folded

LIVELY = """<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0" xmlns:isee="http://iseesystems.com/XMILE">
<header><vendor>Somebody</vendor><name>lively</name><author>A &amp; B</author><uuid>6e1f</uuid>
  <smile version="1.0" namespace="std, isee"/><product version="3">Tool</product>
  <options namespace="std, isee"><uses_arrays max_dimensions="1" invalid_index_value="NaN"/></options></header>
<sim_specs method="Euler" pause="3" isee:run_prefix="Run"><start>0</start><stop>1</stop><dt>1</dt>
  <run by="group"/></sim_specs>
<isee:prefs layer="model" grid_width="20"/>
<dimensions><dim name="side" isee:note="two"><elem name="left"/><elem name="right"/></dim></dimensions>
<model_units><unit name="People"><alias>person</alias></unit><unit name="off" disabled="true"/></model_units>
<behavior><stock><non_negative/></stock><flow isee:x="1"/></behavior>
<style color="black"><aux color="red"/></style>
<model><variables>
  <stock name="S" autoexport="true"><eqn>1</eqn><format precision="0.1"/>
    <event_poster min="0" max="9"><threshold value="5"><event><text_box> two
lines </text_box></event></threshold></event_poster></stock>
  <aux name="x"><dimensions><dim name="side"/></dimensions>
    <element subscript="left"><eqn>1</eqn><event_poster min="0" max="1"/></element>
    <element subscript="right"><eqn>2</eqn></element><scale min="0" max="9"/></aux>
  <group name="g" isee:run="true"><doc>what</doc><var>S</var></group><group name="empty"/>
  <isee:dependencies><var name="S"><in>x</in></var></isee:dependencies>
</variables>
<views><style background="white"/>
  <view type="interface" page_width="99"><button x="1" y="2"><menu_action>run</menu_action></button></view>
  <view type="stock_flow" zoom="200"><style font_size="9pt"/>
    <stock name="S" x="10" y="20" color="blue" label_side="top"><shape type="rectangle" width="9" height="8"/></stock>
    <alias uid="7" x="30" y="40" font_style="italic"><of>S</of></alias>
    <aux name="x" x="50" y="60"/>
    <connector uid="8" angle="12.5" polarity="+"><from><alias uid="7"/></from><to>x</to>
      <pts><pt x="1" y="2"/></pts></connector>
    <graph title="G" x="1" y="2"><plot index="0"><entity name="S"/></plot></graph>
    <text_box x="5" y="6" width="10" height="20">some
text</text_box>
  </view></views></model></xmile>"""


def lively(text: str = LIVELY) -> tuple[Written, Model]:
    """The model of such a file, and what is written of it."""
    model = read_text(text, "lively.xmile").model
    return write_text(model, "xmile"), model


OF_THE_TOOL = (
    *("<author>A &amp; B</author>", "<uuid>6e1f</uuid>", '<smile version="1.0" namespace="std, isee"/>'),
    *('invalid_index_value="NaN"', 'pause="3"', 'isee:run_prefix="Run"', '<run by="group"/>'),
    *('<isee:prefs layer="model" grid_width="20"/>', 'isee:note="two"', '<unit name="off" disabled="true"/>'),
    *('<flow isee:x="1"/>', '<aux color="red"/>', 'autoexport="true"', '<format precision="0.1"/>'),
    *("<text_box> two\nlines </text_box>", '<event_poster min="0" max="1"/>', '<scale min="0" max="9"/>'),
    *('isee:run="true"', '<group name="empty"/>', '<var name="S">', '<style background="white"/>'),
    *('<view type="interface" page_width="99">', "<menu_action>run</menu_action>", 'zoom="200"'),
    *('<style font_size="9pt"/>', 'color="blue"', '<shape type="rectangle" width="9" height="8"/>'),
    *('font_style="italic"', 'polarity="+"', '<graph title="G" x="1" y="2">', '<alias uid="7"/>'),
)


@pytest.mark.parametrize("part", OF_THE_TOOL)
def test_what_a_tool_says_for_itself_is_given_back(part: str) -> None:
    written, _ = lively()
    assert written.text.count(part) == LIVELY.count(part)


def test_a_lively_file_comes_back_whole_and_is_written_the_same_again() -> None:
    written, model = lively()
    assert not written.losses
    again = read_text(written.text, "model.xmile").model
    assert difference(folded(model), folded(again)) is None
    assert write_text(again, "xmile").text == written.text
    # The parts of a model stand in the order of the schema.
    order = [written.text.index(f"<{tag}>") for tag in ("header", "model", "variables", "views")]
    assert order == sorted(order)


def test_what_is_kept_goes_along_with_a_new_name() -> None:
    _, model = lively()
    (stock, *others) = model.variables
    text = write_text(replace(model, variables=(replace(stock, name="T"), *others)), "xmile").text
    assert '<stock name="T" autoexport="true">' in text


def test_line_ends_in_attributes_are_given_back() -> None:
    written, _ = lively(LIVELY.replace('title="G"', 'title="G&#10;&#9;&quot;H"'))
    assert '<graph title="G&#10;&#9;&quot;H"' in written.text


def test_an_arrow_from_an_alias_is_one_from_its_variable() -> None:
    _, model = lively()
    (connector,) = model.views[0].connectors
    assert (connector.source, connector.target, connector.ends) == ("S", "x", (7, 0))


def test_a_symbol_with_a_size_is_placed_by_its_corner() -> None:
    _, model = lively()
    box = model.views[0].items[-1]
    assert (box.name, box.x, box.y, box.width, box.height) == ("some\ntext", 10.0, 16.0, 5.0, 10.0)


def test_looks_that_are_no_xml_are_refused_rather_than_written() -> None:
    _, model = lively()
    with pytest.raises(PenstockError, match="PEN005"):
        write_text(replace(model, kept=(Kept("xmile", "file", "<xmile><open></xmile>"),)), "xmile")
    with pytest.raises(PenstockError, match="PEN006"):
        write_text(
            replace(model, kept=(Kept("xmile", "file", '<!DOCTYPE a [<!ENTITY b "c">]><xmile>&b;</xmile>'),)),
            "xmile",
        )


def test_prefixes_that_a_file_never_declares_are_declared() -> None:
    text = LIVELY.replace(' xmlns:isee="http://iseesystems.com/XMILE"', "").replace(
        "<menu_action>", "<a:b/><menu_action>"
    )
    written, _ = lively(text)
    assert 'xmlns:a="urn:a" xmlns:isee="http://iseesystems.com/XMILE"' in written.text


def test_comments_and_remarks_in_equations_are_given_back() -> None:
    text = LIVELY.replace("<eqn>2</eqn>", "<eqn>2 {a &lt; b's} * 1</eqn>")
    text = text.replace("<model>", "<!-- see --- page 3 -->\n<model><!---->")
    written, model = lively(text)
    assert written.text.startswith(
        '<?xml version="1.0" encoding="utf-8"?>\n<!-- see - - - page 3 -->\n<xmile'
    )
    assert "<eqn>2 * 1 {a &lt; b's}</eqn>" in written.text
    again = read_text(written.text, "model.xmile").model
    assert difference(folded(model), folded(again)) is None
    assert write_text(again, "xmile").text == written.text


def test_what_is_in_braces_within_a_name_is_no_remark() -> None:
    text = LIVELY.replace("<eqn>2</eqn>", '<eqn>"a {b}" {c}</eqn>')
    written, _ = lively(text)
    assert '<eqn>"a {b}" {c}</eqn>' in written.text

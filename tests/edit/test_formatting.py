"""What edits change in a text, to the character; all else stays as its author wrote it."""

import pytest

from edit.cases import MDL, PEN, TEXTS, XMILE
from penstock import PenstockError, edit
from penstock.edit import Edit
from penstock.read import ReadResult, read_text


def read(name: str) -> ReadResult:
    return read_text(TEXTS[name], name)


def swapped(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


def test_a_rename_in_penstock_text_keeps_breaks_comments_and_spaces() -> None:
    made = edit.rename(read("cup.pen"), "Room_Temp", "air")
    assert made.text == PEN.replace("room temp", "air")


def test_a_name_that_needs_quotes_gets_those_of_its_format() -> None:
    assert edit.rename(read("cup.pen"), "tau", "to & fro").text == swapped(
        PEN, ("    tau ", "    `to & fro` "), ("const tau=", "const `to & fro`="), ("* tau", "* `to & fro`")
    )
    assert edit.rename(read("cup.mdl"), "tau", "to & fro").text == MDL.replace("tau", '"to & fro"')
    assert edit.rename(read("cup.xmile"), "tau", "to & fro").text == swapped(
        XMILE, ('"tau"', '"to &amp; fro"'), ("/tau *", '/"to &amp; fro" *')
    )


def test_a_rename_in_a_vensim_file_reaches_the_sketch_and_leaves_comments_and_breaks() -> None:
    made = edit.rename(read("cup.mdl"), "room temp", "air")
    assert made.text == MDL.replace("room temp", "air")


def test_a_rename_in_an_xmile_file_leaves_comments_and_other_markup() -> None:
    made = edit.rename(read("cup.xmile"), "room temp", "Air of Room")
    assert made.text == swapped(
        XMILE,
        ('"room\\ntemp"', '"Air of Room"'),
        ('"room temp" )', "Air_of_Room )"),
        ("<from>room_temp", "<from>Air_of_Room"),
    )


@pytest.mark.parametrize("name", TEXTS)
def test_a_rename_of_case_alone_works(name: str) -> None:
    made = edit.rename(read(name), "tea", "TEA")
    assert made.model.variables[0].name == "TEA"
    assert made.text.casefold() == TEXTS[name].casefold()


def test_dimensions_and_elements_are_renamed_wherever_they_stand() -> None:
    made = edit.rename(read("cup.pen"), "leaf", "sort")
    assert made.text == PEN.replace("leaf", "sort")
    assert edit.rename(read("cup.pen"), "black", "dark").text == PEN.replace("black", "dark")


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("new", ["Tea", "time", "TIME STEP", "MAX", "", "  ", "a\nb", "room temp"])
def test_names_that_are_taken_reserved_or_none_are_refused_with_advice(name: str, new: str) -> None:
    if new == "TIME STEP" and name != "cup.mdl":
        new = "dt"
    with pytest.raises(PenstockError, match="PEN902") as problem:
        edit.rename(read(name), "tau", new)
    assert problem.value.diagnostics[0].advice


HOSTILE = [
    'a "quoted" one', "<b>&amp;", "x~y|z", "a,b", "back\\slash", "tick`tock", "if then", "{brace}",
    "#no", "]]>", "--", "1st", "😀 smile", "名前", "a(b)", "x[y]", "'", "a = b", "INTEG(", "*",
]  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("new", HOSTILE)
def test_hostile_names_are_written_so_that_they_read_back_or_are_refused(name: str, new: str) -> None:
    try:
        made = edit.rename(read(name), "tau", new)
    except PenstockError as problem:
        assert problem.diagnostics[0].code in ("PEN902", "PEN903")  # noqa: PT017
        return
    assert new in {item.name for item in read_text(made.text, name).model.variables}
    assert made.patch.inverse().apply(made.text) == TEXTS[name]


def test_most_hostile_names_can_be_written_in_every_format() -> None:
    refused = []
    for name in TEXTS:
        for new in HOSTILE:
            try:
                edit.rename(read(name), "tau", new)
            except PenstockError:
                refused.append((name, new))
    assert len(refused) <= 4, refused


SMALL = {
    ("cup.pen", "units"): ("const tau=10 {Minute}", "const tau=10 {Hour}"),
    ("cup.mdl", "units"): ("Minute [1,20]", "Hour [1,20]"),
    ("cup.xmile", "units"): ("10</eqn><units>Minute<", "10</eqn><units>Hour<"),
    ("cup.pen", "equation"): ("/\n    tau   #", None),
}


@pytest.mark.parametrize("name", TEXTS)
def test_new_units_change_nothing_else(name: str) -> None:
    made = edit.set_units(read(name), "tau", "Hour")
    assert made.text == swapped(TEXTS[name], SMALL[name, "units"])


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("cup.pen", "(Tea - room temp) /\n    tau", "Tea *  2"),
        ("cup.mdl", "( Tea - {of the air} room temp ) / \\\n\t\ttau", "Tea *  2"),
        ("cup.xmile", '( Tea - {of the air}\n\t\t\t\t\t"room temp" )/tau * (1 &lt; 2)', "Tea *  2"),
    ],
)
def test_a_new_equation_takes_the_place_of_the_old_one(name: str, old: str, new: str) -> None:
    assert edit.set_equation(read(name), "cooling", new).text == swapped(TEXTS[name], (old, new))


def test_settings_are_changed_where_they_stand() -> None:
    made = edit.set_specs(read("cup.pen"), {"stop": "20", "dt": "0.25"})
    assert made.text == PEN.replace("0 to 10 by 0.5   {Minute}", "0 to 20 by 0.25   {Minute}")
    made = edit.set_specs(read("cup.mdl"), {"stop": "20", "method": "rk4"})
    assert made.text == swapped(MDL, ("TIME  = 10", "TIME  = 20"), ("15:0,0,0,0,", "15:0,0,0,5,"))
    made = edit.set_specs(read("cup.xmile"), {"dt": "0.25", "method": "rk4"})
    assert made.text == swapped(XMILE, ("<dt>0.5", "<dt>0.25"), ('"euler"', '"rk4"'))


def test_a_move_changes_two_numbers() -> None:
    made = edit.move(read("cup.xmile"), [("room temp", 210, 44.5)])
    assert made.text == XMILE.replace('<aux x="200" y="40"', '<aux x="210" y="44.5"')
    made = edit.move(read("cup.mdl"), [("room temp", 210, 44)])
    assert made.text == MDL.replace("room temp,200,40", "room temp,210,44")
    made = edit.move(read("cup.pen"), [("room temp", 210, 44.5)])
    assert made.text == PEN.replace("(200, 40)", "(210, 44.5)")


@pytest.mark.parametrize("name", TEXTS)
def test_deleting_lists_every_use_with_its_place(name: str) -> None:
    made = edit.delete(read(name), "room temp")
    assert [item.code for item in made.consequences] == ["PEN904"]
    assert "room" in made.consequences[0].span.text
    assert "cooling uses room" in made.consequences[0].message
    assert all("room" not in item.name for view in made.model.views for item in view.items)
    assert all("room" not in arrow.source for view in made.model.views for arrow in view.connectors)


@pytest.mark.parametrize("name", TEXTS)
def test_deleting_with_a_value_puts_it_in_the_place_of_every_use(name: str) -> None:
    made = edit.delete(read(name), "room temp", "60 + 1")
    assert not made.consequences
    assert "(60 + 1)" in made.text


@pytest.mark.parametrize("name", TEXTS)
def test_deleting_a_flow_takes_it_off_its_stock(name: str) -> None:
    made = edit.delete(read(name), "cooling")
    stock = made.model.variables[0]
    assert not getattr(stock, "outflows", ())


@pytest.mark.parametrize("name", TEXTS)
def test_what_was_disconnected_can_be_connected_again(name: str) -> None:
    before = read(name)
    without = edit.disconnect(before, "Tea", "cooling")
    again = edit.connect(without.after, "Tea", "cooling", "out")
    assert again.model.variables[0] == before.model.variables[0]


def test_a_stock_that_becomes_an_auxiliary_says_what_that_means() -> None:
    made = edit.change_kind(read("cup.pen"), "Tea", "auxiliary")
    assert [item.code for item in made.consequences] == ["PEN905", "PEN905"]
    assert "aux Tea (100, 100)" in made.text


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("kind", ["stock", "flow", "auxiliary", "constant", "lookup"])
def test_a_new_variable_stands_at_the_end_with_its_symbol(name: str, kind: str) -> None:
    made: Edit = edit.add(read(name), kind, "new one", "3", units="x", place=(300, 200))  # type: ignore[arg-type]
    last = made.model.variables[-1]
    assert (last.name, last.units) == ("new one", "x")
    drawn = [item for item in made.model.views[0].items if item.name == "new one"]
    assert [(item.x, item.y) for item in drawn] == [(300, 200)]
    assert made.patch.inverse().apply(made.text) == TEXTS[name]


def test_a_model_without_a_view_gets_one_at_the_first_move() -> None:
    bare = read_text(PEN[: PEN.index("view Main")], "cup.pen")
    made = edit.move(bare, [("Tea", 11, 22)])
    (item,) = (item for item in made.model.views[0].items if item.name == "Tea")
    assert (item.x, item.y) == (11, 22)
    assert {item.name for item in made.model.views[0].items} >= {"cooling", "tau", "share"}


def test_an_edit_that_would_say_something_else_is_refused() -> None:
    with pytest.raises(PenstockError, match="PEN903"):
        edit.set_units(read("cup.mdl"), "tau", "a~b|c")

"""Constants, lookups, series and dimensions from cells: where they are looked for, and what they become."""

import datetime
from pathlib import Path

import pytest

from data.making import compiled, first, old_workbook, series, workbook
from engine.bits import assert_same
from penstock.compiler import compile_file
from penstock.errors import PenstockError
from penstock.read.data.addresses import Area, area_of, cell_name, cell_of

DIMS = "a: a1, a2 ~~|\nb: b1, b2, b3 ~~|\nc: c1, c2 ~~|\nb part: b2, b3 ~~|\n"
TABLE = "t,x,y,z\n1,11,12,13\n2,21,22,23\n3,31,32,33\n"


def elements(name: str, *elements: str) -> list[str]:
    return [f"{name}[{element}]" for element in elements]


# Addresses -----------------------------------------------------------------------------------------------


def test_columns_count_through_the_alphabet_and_on() -> None:
    assert [cell_of(text) for text in ("A1", "z9", "$AA$10", "XFD1048576")] == [
        (0, 0),
        (8, 25),
        (9, 26),
        (1048575, 16383),
    ]
    assert [cell_of(text) for text in ("A0", "1A", "", "AAAA1", "A1:B2", "total")] == [None] * 6


def test_a_cell_is_written_as_it_is_read() -> None:
    for column in (0, 25, 26, 701, 702, 16383):
        assert cell_of(cell_name(7, column)) == (7, column)


def test_an_area_has_a_sheet_that_may_be_quoted_and_corners_in_any_order() -> None:
    assert area_of("'A sheet''s'!$D$6:$B$3") == Area("A sheet's", 2, 1, 5, 3)
    assert area_of("Sheet!B3") == Area("Sheet", 2, 1, 2, 1)
    assert area_of("OFFSET(Sheet!A1,1,1)") is None


# Constants -----------------------------------------------------------------------------------------------


def test_a_vector_runs_to_the_right_and_a_star_turns_it_down() -> None:
    model = compiled(
        f"{DIMS}across[b] = GET DIRECT CONSTANTS('t.csv', ',', 'B2') ~~|\n"
        "down[b] = GET DIRECT CONSTANTS('t.csv', ',', 'b2*') ~~|\n"
        "one = GET DIRECT CONSTANTS('t.csv', ',', 'C3') ~~|",
        {"t.csv": TABLE},
    )
    assert first(model, *elements("across", "b1", "b2", "b3")) == [11, 12, 13]
    assert first(model, *elements("down", "b1", "b2", "b3")) == [11, 21, 31]
    assert first(model, "one") == [22]


def test_a_matrix_runs_down_along_its_last_range_but_one() -> None:
    model = compiled(
        f"{DIMS}m[a, b] = GET DIRECT CONSTANTS('t.csv', ',', 'B2') ~~|\n"
        "n[a, b] = GET DIRECT CONSTANTS('t.csv', ',', 'B2*') ~~|\n"
        "o[c1, a, b] = GET DIRECT CONSTANTS('t.csv', ',', 'B2') ~~|\n"
        "o[c2, a, b] = 0 ~~|",
        {"t.csv": TABLE},
    )
    places = [f"{i},{j}" for i in ("a1", "a2") for j in ("b1", "b2", "b3")]
    assert first(model, *elements("m", *places)) == [11, 12, 13, 21, 22, 23]
    assert first(model, *elements("n", *places)) == [11, 21, 31, 12, 22, 32]
    assert first(model, *elements("o", *[f"c1,{place}" for place in places])) == [11, 12, 13, 21, 22, 23]


def test_a_subrange_starts_at_the_cell_and_exceptions_keep_their_cells() -> None:
    model = compiled(
        f"{DIMS}v[b1] = 5 ~~|\nv[b part] = GET DIRECT CONSTANTS('t.csv', ',', 'B2') ~~|\n"
        "w[b] :EXCEPT: [b2] = GET DIRECT CONSTANTS('t.csv', ',', 'B2') ~~|\nw[b2] = 7 ~~|",
        {"t.csv": TABLE},
    )
    assert first(model, *elements("v", "b1", "b2", "b3")) == [5, 11, 12]
    assert first(model, *elements("w", "b1", "b2", "b3")) == [11, 7, 13]


def test_a_constant_from_a_file_can_be_set_like_any_other() -> None:
    model = compiled("k = GET DIRECT CONSTANTS('t.csv', ',', 'B2') ~~|\nx = 2 * k ~~|", {"t.csv": TABLE})
    assert [row["name"] for row in model.layout["inputs"] if row["kind"] == "constant"] == ["k"]


def test_time_settings_may_stand_in_a_file() -> None:
    text = (
        "x = Time ~~|\nINITIAL TIME = 0 ~~|\nTIME STEP = 1 ~~|\n"
        "FINAL TIME = GET DIRECT CONSTANTS('t.csv', ',', 'A4') ~~|\n"
    )
    from penstock.compiler import compile_text

    model = compile_text(text, "m.mdl", files={"t.csv": TABLE.encode()}.__getitem__)
    assert series(model, "x") == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("A1", "cell A1 of t.csv holds 't', and k needs"),
        ("E2", "cell E2 of t.csv holds nothing, and k needs"),
    ],
)
def test_a_constant_without_a_number_is_an_error_at_its_equation(cell: str, said: str) -> None:
    with pytest.raises(PenstockError, match=said) as caught:
        compiled(f"k = GET DIRECT CONSTANTS('t.csv', ',', '{cell}') ~~|", {"t.csv": TABLE})
    assert caught.value.diagnostics[0].span.text == f"GET DIRECT CONSTANTS('t.csv', ',', '{cell}')"


def test_more_ranges_than_a_sheet_has_directions_are_refused() -> None:
    with pytest.raises(PenstockError, match="PEN401 m, a table of 3 ranges"):
        compiled(f"{DIMS}m[a, b, c] = GET DIRECT CONSTANTS('t.csv', ',', 'B2') ~~|", {"t.csv": TABLE})
    with pytest.raises(PenstockError, match="PEN401 m, a block of series along 2 ranges"):
        compiled(f"{DIMS}m[a, b] := GET DIRECT DATA('t.csv', ',', 'A', 'B2') ~~|", {"t.csv": TABLE})


# Text files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "tab", "text"),
    [
        ("t.csv", "", "1,2\n3,4"),
        ("t.csv", ";", "1;2\r\n3;4\r\n"),
        ("t.txt", "", "1\t2\r3\t4"),
        ("t.tab", "\\t", "\ufeff1\t2\n3\t4"),
        ("folder/t.csv", ",", '"1"," 2 "\n3,"4"\n\n'),
    ],
)
def test_text_is_separated_as_said_or_as_its_name_says(name: str, tab: str, text: str) -> None:
    model = compiled(f"k = GET DIRECT CONSTANTS('{name}', '{tab}', 'B2') ~~|", {name: text})
    assert first(model, "k") == [4]


def test_blank_lines_are_rows() -> None:
    model = compiled("k = GET DIRECT CONSTANTS('t.csv', ',', 'B5') ~~|", {"t.csv": "h,\nA,1\nB,2\n,\nC,3\n"})
    assert first(model, "k") == [3]


@pytest.mark.parametrize("text", ["1_000", "nan", "inf", "0x10", "1e999", "12%", "1,500", "1 500"])
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    with pytest.raises(PenstockError, match="PEN322"):
        compiled("k = GET DIRECT CONSTANTS('t.csv', ';', 'A1') ~~|", {"t.csv": text})


def test_commas_are_decimal_where_something_else_separates_cells_and_a_number_shows_it() -> None:
    text = "t;v;k\r\n0;1,5;1,250\r\n2;2,5;\r\n4;-1000,25;\r\n"
    equations = (
        "k = GET DIRECT CONSTANTS('t.csv', ';', 'C2') ~~|\nv := GET DIRECT DATA('t.csv', ';', 'A', 'B2') ~~|"
    )
    model = compiled(equations, {"t.csv": text}, clock=(0, 4, 2))
    assert (series(model, "v"), series(model, "k")[0]) == ([1.5, 2.5, -1000.25], 1.25)


@pytest.mark.parametrize("text", ["0;1,500\n2;2\n", "0;1.5\n1;2,25\n2;3\n", "0;1\n1;1 500\n2;3\n"])
def test_a_number_that_can_be_read_in_two_ways_is_not_passed_over(text: str) -> None:
    with pytest.raises(PenstockError, match="PEN322"):
        compiled("v := GET DIRECT DATA('t.csv', ';', 'A', 'B1') ~~|", {"t.csv": text})


def test_a_separator_of_several_characters_is_refused() -> None:
    with pytest.raises(PenstockError, match="PEN324 'Sheet1' is no separator of values"):
        compiled("k = GET DIRECT CONSTANTS('t.csv', 'Sheet1', 'A1') ~~|", {"t.csv": TABLE})


# Workbooks -----------------------------------------------------------------------------------------------

BOOK = workbook(
    {
        "First": [["t", 1, 2, 3], ["x", 10, 20, 30], ["y", 11, 21, 31]],
        "Second one": [[7, "8", True, None, datetime.datetime(2020, 1, 2), "#N/A"], [], [None, 9.5]],
    },
    names={"times": "First!$B$1:$D$1", "xs": "First!$B$2:$D$2", "both": "First!$B$2:$D$3"},
    local={("Second one", "xs"): "'Second one'!$B$3"},
)


def test_sheets_are_found_by_name_whatever_its_case_or_by_number() -> None:
    model = compiled(
        "p = GET XLS CONSTANTS('b.xlsx', 'FIRST', 'B2') ~~|\nq = GET XLS CONSTANTS('b.xlsx', '2', 'A1') ~~|",
        {"b.xlsx": BOOK},
    )
    assert first(model, "p", "q") == [10, 7]
    with pytest.raises(PenstockError, match=r"PEN323 b.xlsx has no sheet Third(.|\n)*First, Second one"):
        compiled("p = GET XLS CONSTANTS('b.xlsx', 'Third', 'B2') ~~|", {"b.xlsx": BOOK})


def test_cells_of_a_workbook_are_numbers_dates_and_texts_that_are_numbers() -> None:
    # Excel's day 1 is the first of January 1900, and it counts the 29th of February 1900.
    dates = (datetime.date(2020, 1, 2) - datetime.date(1899, 12, 30)).days
    equations = "".join(
        f"{name} = GET XLS CONSTANTS('b.xlsx', 'Second one', '{cell}') ~~|\n"
        for name, cell in (("n", "A1"), ("s", "B1"), ("d", "E1"), ("f", "B3"))
    )
    assert first(compiled(equations, {"b.xlsx": BOOK}), "n", "s", "d", "f") == [7, 8, dates, 9.5]
    for cell, holds in (("C1", "'TRUE'"), ("D1", "nothing"), ("F1", "'#N/A'")):
        with pytest.raises(PenstockError, match=f"holds {holds}"):
            compiled(f"k = GET XLS CONSTANTS('b.xlsx', '2', '{cell}') ~~|", {"b.xlsx": BOOK})


def test_a_named_range_stands_for_its_cells_and_a_sheets_own_goes_first() -> None:
    model = compiled(
        f"{DIMS}v[b] = GET XLS CONSTANTS('b.xlsx', 'First', 'XS') ~~|\n"
        "w = GET XLS CONSTANTS('b.xlsx', 'Second one', 'xs') ~~|\n"
        "m[a, b] = GET XLS CONSTANTS('b.xlsx', 'First', 'both') ~~|\n"
        "d[a] := GET XLS DATA('b.xlsx', 'First', 'times', 'both') ~~|",
        {"b.xlsx": BOOK},
        clock=(1, 3, 1),
    )
    assert first(model, *elements("v", "b1", "b2", "b3"), "w") == [10, 20, 30, 9.5]
    assert first(model, "m[a2,b3]") == [31]
    assert [series(model, name) for name in elements("d", "a1", "a2")] == [[10, 20, 30], [11, 21, 31]]


def test_a_named_range_of_another_size_is_an_error() -> None:
    with pytest.raises(
        PenstockError, match="PEN324 'xs' is no block of 1 rows and 2 columns; it has 1 and 3"
    ):
        compiled(f"{DIMS}v[a] = GET XLS CONSTANTS('b.xlsx', 'First', 'xs') ~~|", {"b.xlsx": BOOK})
    with pytest.raises(PenstockError, match="PEN324 'nothing' is no cell, nor a range"):
        compiled("v = GET XLS CONSTANTS('b.xlsx', 'First', 'nothing') ~~|", {"b.xlsx": BOOK})


def test_an_old_workbook_is_read_like_a_new_one() -> None:
    book = old_workbook("Old", [["t", 0.0, 1.0, 2.0], ["x", 5.0, None, 7.0]])
    model = compiled("d := GET XLS DATA('b.xls', 'old', '1', 'B2') ~~|", {"b.xls": book}, clock=(0, 2, 1))
    assert series(model, "d") == [5, 6, 7]


# Series and lookups --------------------------------------------------------------------------------------

DOWN = "t,p,q\n0,1,10\n1,2,20\n3,4,40\n"
ACROSS = "t,0,1,3\np,1,2,4\nq,10,20,40\n"


@pytest.mark.parametrize(("text", "along"), [(DOWN, "a"), (ACROSS, "1")])
@pytest.mark.parametrize("engine", ["vm", "wasm"])
def test_times_run_down_a_column_or_across_a_row(text: str, along: str, engine: str) -> None:
    model = compiled(f"{DIMS}x[a] := GET DIRECT DATA('t.csv', ',', '{along}', 'B2') ~~|", {"t.csv": text})
    assert_same(series(model, "x[a1]", engine), [1, 2, 3, 4])
    assert_same(series(model, "x[a2]", engine), [10, 20, 30, 40])


def test_points_without_a_number_are_left_out_and_times_end_at_the_first_that_is_none() -> None:
    text = "0,1\n1,?\n2,\n3,7\n,9\n4,11\n"
    model = compiled("x := GET DIRECT DATA('t.csv', ',', 'A', 'B1') ~~|", {"t.csv": text}, clock=(0, 5, 1))
    assert series(model, "x") == [1, 3, 5, 7, 7, 7]


def test_times_are_sorted_and_one_with_two_values_is_an_error() -> None:
    equation = "x := GET DIRECT DATA('t.csv', ',', 'A', 'B1') ~~|"
    assert series(compiled(equation, {"t.csv": "3,9\n0,0\n1,3\n1,3\n"}), "x") == [0, 3, 6, 9]
    with pytest.raises(PenstockError, match=r"PEN325 x has two values for 1 in t.csv"):
        compiled(equation, {"t.csv": "0,0\n1,3\n1,4\n"})


@pytest.mark.parametrize("form", ["f = {}", "f({})"])
def test_a_lookup_from_a_file_is_called_like_any_other(form: str) -> None:
    lookup = form.format("GET DIRECT LOOKUPS('t.csv', ',', 'A', 'B2')")
    model = compiled(f"{lookup} ~~|\nx = f(Time / 2) ~~|", {"t.csv": DOWN}, clock=(0, 8, 2))
    assert series(model, "x") == [1, 2, 3, 4, 4]


@pytest.mark.parametrize(("along", "cell"), [("A", "B9"), ("9", "B2"), ("B", "B1")])
def test_a_series_without_times_is_an_error(along: str, cell: str) -> None:
    with pytest.raises(
        PenstockError, match=r"PEN321 x has no data: cell [A-Z]+[0-9]+ of t.csv, where its times"
    ):
        compiled(f"x := GET DIRECT DATA('t.csv', ',', '{along}', '{cell}') ~~|", {"t.csv": DOWN})


# Dimensions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("'A1', 'A', ''", ["a", "d", "f"]),
        ("'A1', '1', ''", ["a", "b", "c"]),
        ("'A1', 'C2', ''", ["a", "b", "c", "d", "e"]),
        ("'B1', 'B', 'x'", ["xb", "xe"]),
        ("'C3', '3', 'y'", ["y2020"]),
        ("'A2', '', ''", ["d", "f"]),
    ],
)
def test_elements_are_read_across_and_then_down(arguments: str, found: list[str]) -> None:
    text = "a,b,c\nd,,e\nf,,2020\n"
    if "'B1'" in arguments:
        text = "a,b,c\nd,e,\nf,,2020\n"
    model = compiled(f"d: GET DIRECT SUBSCRIPT('t.csv', ',', {arguments}) ~~|\nx[d] = d ~~|", {"t.csv": text})
    assert model.program.dims["d"] == tuple(found)
    assert first(model, *elements("x", *found)) == list(range(1, len(found) + 1))


def test_a_dimension_from_a_file_can_be_mapped_and_have_subranges() -> None:
    model = compiled(
        "d: GET DIRECT SUBSCRIPT('t.csv', ',', 'A1', 'A', '') -> e ~~|\ne: e1, e2 ~~|\n"
        "x[e] = 10, 20 ~~|\ny[d] = x[e] + 1 ~~|",
        {"t.csv": "d1\nd2\n"},
    )
    assert first(model, "y[d1]", "y[d2]") == [11, 21]


# Files beside a model ------------------------------------------------------------------------------------


def test_files_are_found_beside_the_model_and_below(tmp_path: Path) -> None:
    (tmp_path / "Data").mkdir()
    (tmp_path / "Data" / "T.CSV").write_text("1,2")
    model = tmp_path / "m.mdl"
    model.write_text(
        "k = GET DIRECT CONSTANTS('data\\t.csv', ',', 'B1') ~~|\n"
        "INITIAL TIME = 0 ~~|\nFINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\n"
    )
    assert first(compile_file(model), "k") == [2]


def test_the_models_hash_changes_with_its_data() -> None:
    equation = "k = GET DIRECT CONSTANTS('t.csv', ',', 'A1') ~~|"
    one, two = (compiled(equation, {"t.csv": text}) for text in ("1", "2"))
    assert one.model_hash != two.model_hash
    assert one.model_hash == compiled(equation, {"t.csv": "1"}).model_hash

"""The data of a run: its files, what a variable finds in them, and what it is told when it finds nothing."""

from pathlib import Path

import pytest

from data.making import NA, compiled, first, series, workbook
from penstock.cli import main
from penstock.compiler import compile_file
from penstock.errors import PenstockError
from penstock.read.data import read_run_data

DIMS = "a: a1, a2 ~~|\nb: b1, b2 ~~|\n"
EXPORT = 'price\n0\t1\n2\t5\n\n"Odd, name"[A1,b 2]\n0 7\n1 8\nempty\nlast\n1\t1e1\n'


def read(name: str, text: str) -> dict[object, object]:
    return dict(read_run_data({name: text.encode()}).series)


# Formats -------------------------------------------------------------------------------------------------


def test_an_export_has_a_name_and_then_times_and_values() -> None:
    assert read("run.dat", EXPORT) == {
        ("price", ()): ((0, 2), (1, 5)),
        ("odd,_name", ("a1", "b_2")): ((0, 1), (7, 8)),
        ("last", ()): ((1,), (10,)),
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run.csv", 'Time,Price,"x[A1, B2]",note\n0,1,7,good\n1,,8,\n2,5,?,bad\n'),
        ("run.tab", "Time\tPrice\tx[A1,B2]\n0\t1\t7\n1\t\t8\n2\t5\t\n"),
        ("run.csv", 'Time,0,1,2\nPrice,1,,5\n"x[A1,B2]",7,8,\n'),
        ("run.txt", "\nTime\t0\t1\t2\n\nPrice\t1\t\t5\nx[A1,B2]\t7\t8\n"),
        ("run.csv", "Time;Price;x[A1,B2]\n0;1,0;7\n1;;8,0\n2;5;\n"),
    ],
)
def test_a_table_has_time_down_its_first_column_or_across_its_first_row(name: str, text: str) -> None:
    assert read(name, text) == {("price", ()): ((0, 2), (1, 5)), ("x", ("a1", "b2")): ((0, 1), (7, 8))}


@pytest.mark.parametrize("name", ["run.vdf", "run.vdfx", "run.xlsx", "run"])
def test_other_files_are_refused_by_their_ending(name: str) -> None:
    with pytest.raises(PenstockError, match=rf"PEN401 run data from a \.\w+ file \({name}\)"):
        read(name, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [("12\nx\n", "line 1 is neither a name"), ("x\n1 2\n3\n", "line 3 is neither a name")],
)
def test_an_export_that_is_none_is_an_error_with_its_line(text: str, said: str) -> None:
    with pytest.raises(PenstockError, match=f"PEN016 the data file run.dat cannot be read: {said}"):
        read("run.dat", text)


def test_of_two_files_with_the_same_series_the_last_counts() -> None:
    data = {"one.dat": "x\n0 1\ny\n0 2\n", "two.csv": "Time,x\n0,9\n"}
    assert first(compiled("x ~~|\ny ~~|", data=data), "x", "y") == [9, 2]


# Data variables ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["vm", "wasm"])
def test_elements_find_their_own_series_whatever_their_spelling(engine: str) -> None:
    model = compiled(
        f"{DIMS}x[a, b1] ~~|\nx[a, b2] = 3 ~~|\ny[a] = x[a, b1] + x[a, b2] ~~|",
        data={"run.dat": "X[A1, B1]\n0 0\n3 3\nx[a2,b1]\n0 10\n3 40\n"},
    )
    assert series(model, "y[a1]", engine) == [3, 4, 5, 6]
    assert series(model, "y[a2]", engine) == [13, 23, 33, 43]


def test_an_element_without_data_is_na_and_that_is_said() -> None:
    model = compiled(f"{DIMS}x[a] ~~|\ny = SUM(x[a!]) ~~|", data={"run.dat": "x[a2]\n0 5\n"})
    assert first(model, "x[a1]", "x[a2]", "y") == [NA, 5, NA + 5]
    assert [(item.code, item.message) for item in model.warnings] == [("PEN326", "x has no data for [a1]")]


def test_a_variable_without_any_data_is_an_error_that_names_the_files() -> None:
    with pytest.raises(
        PenstockError, match="x has no data: it has no equation, and no run data file was given"
    ):
        compiled("x ~~|")
    with pytest.raises(
        PenstockError, match=r"x has no data: none of the run data files \(a.dat, b.dat\) has it"
    ):
        compiled("x ~~|", data={"a.dat": "y\n0 1\n", "b.dat": ""})
    with pytest.raises(PenstockError, match="x has no data: its file holds no numbers for it"):
        compiled("x := GET DIRECT DATA('t.csv', ',', 'A', 'B1') ~~|", {"t.csv": "1,a\n2,b\n"})


def test_all_variables_without_data_are_told_of_together() -> None:
    with pytest.raises(PenstockError) as caught:
        compiled("x ~~|\ny[q] := GET DIRECT DATA('t.csv', ',', 'A', 'B1') ~~|\nz ~~|\nq: q1 ~~|")
    assert [item.code for item in caught.value.diagnostics] == ["PEN321", "PEN016", "PEN321"]


def test_a_data_variable_may_be_another_one_or_shifted_in_time() -> None:
    model = compiled(
        f"{DIMS}raw[a] :RAW: ~~|\nnext[a] :LOOK FORWARD: := raw[a] ~~|\nheld :HOLD BACKWARD: := raw[a2] ~~|\n"
        "later := TIME SHIFT(held, 1) ~~|\nfive := 5 ~~|",
        data={"run.dat": "raw[a1]\n0 0\n2 20\nraw[a2]\n0 1\n3 31\n"},
    )
    assert series(model, "raw[a1]") == [0, NA, 20, NA]
    assert series(model, "next[a1]") == [0, 20, 20, 20]
    assert series(model, "held") == [1, 1, 1, 31]
    # What stands at time t + 1 in the one is at t in the other.
    assert series(model, "later") == [11, 21, 31, 31]
    assert series(model, "five") == [5, 5, 5, 5]


def test_a_number_that_can_be_read_in_two_ways_is_not_passed_over() -> None:
    with pytest.raises(
        PenstockError, match=r"PEN016 .* 1,500 for Price is a number that can be read in two ways"
    ):
        read("run.csv", 'Time,Price\n0,"1,500"\n1,2\n')


def test_a_data_variable_may_add_the_values_of_another_up_whatever_their_times_are() -> None:
    model = compiled(
        f"{DIMS}raw[a] :RAW: ~~|\nsums[a] := CUMULATE(raw[a]) ~~|\nall :HOLD BACKWARD: := CUMULATEF(raw[a2]) ~~|",
        data={"run.dat": "raw[a1]\n0 5\n2 20\nraw[a2]\n0 1\n1 30\n3 400\n"},
    )
    assert series(model, "sums[a1]") == [5, 15, 25, 25]
    assert series(model, "sums[a2]") == [1, 31, 231, 431]
    assert series(model, "all") == [431] * 4


def test_data_that_need_each_other_are_an_error_and_so_are_sums_of_data() -> None:
    with pytest.raises(PenstockError, match="PEN205 x depends on itself: x → y → x"):
        compiled("x := y ~~|\ny := x ~~|")
    with pytest.raises(PenstockError, match="PEN401 the data equation of y, which computes with data"):
        compiled("x ~~|\ny := x + 1 ~~|", data={"run.dat": "x\n0 1\n"})


def test_a_macro_reads_files_for_each_call_and_gets_no_data_of_the_run() -> None:
    macro = ":MACRO: scaled(x)\nscaled = x * inner ~~|\ninner {} ~~|\n:END OF MACRO:\ny = scaled(2) ~~|"
    constant = "= GET DIRECT CONSTANTS('t.csv', ',', 'A1')"
    assert first(compiled(macro.format(constant), {"t.csv": "21"}), "y") == [42]
    with pytest.raises(PenstockError, match="PEN321 inner has no data"):
        compiled(macro.format(""))


# The command line ----------------------------------------------------------------------------------------


def test_the_command_takes_files_from_anywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model").mkdir()
    model = tmp_path / "model" / "m.mdl"
    model.write_text("x ~~|\ny ~~|\nINITIAL TIME = 0 ~~|\nFINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\n")
    one, two = tmp_path / "one.dat", tmp_path / "two.csv"
    one.write_text("x\n0\t1\n1\t2\n")
    two.write_text("Time,y\n0,3\n1,4\n")
    assert main(["run", str(model), "--data", f"{one},{two}"]) == 0
    assert capsys.readouterr().out == "time,x,y\n0,1,3\n1,2,4\n"
    assert main(["check", str(model), "--data", f"{one},{two}"]) == 0
    assert main(["run", str(model), "--data", ""]) == 1
    assert "PEN321 x has no data" in capsys.readouterr().err
    assert main(["run", str(model), "--data", str(tmp_path / "none.dat")]) == 1
    assert (
        "PEN016 the data file none.dat cannot be read: No such file or directory" in capsys.readouterr().err
    )
    known = compile_file(model, data=[one, two]).model_hash
    two.write_text("Time,y\n0,3\n1,5\n")
    assert compile_file(model, data=[one, two]).model_hash != known


def test_run_data_do_not_come_from_workbooks() -> None:
    with pytest.raises(PenstockError, match="PEN401"):
        read_run_data({"run.xlsx": workbook({"S": [[1]]})})

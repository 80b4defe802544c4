"""`validateFor` finds in an equation what compiling the edited text would find, and nothing else."""

from random import Random

import pytest

import penstock
from penstock import PenstockError
from penstock.passes import edited as edited_pass
from penstock.passes import scheduled
from penstock.tools import call
from tools.models import TEXTS, model

pytestmark = pytest.mark.smoke

LINES = {
    "S": "stock S = {}\n  in f",
    "f": "flow f = {}",
    "a": "aux a = {}",
    "b": "aux b[d] = {}",
    "c": "aux c = {}",
    "k": "const k = {}",
}
EQUATIONS = {
    "S": "k * 2",
    "f": "a * k - S",
    "a": "smooth(S, k) + sum(b[*])",
    "b": "S / k + d",
    "c": "max(a, f) + lu(a)",
    "k": "3",
}


def text(equations: dict[str, str]) -> str:
    lines = [LINES[name].format(equation) for name, equation in equations.items()]
    return "\n".join([*lines, "dim d = x, y", "lookup lu = (0, 0) (9, 9)", "time 0 to 3 by 1"])


def expression(rng: Random, depth: int = 2) -> str:
    if depth == 0 or rng.random() < 0.2:
        return rng.choice(["S", "f", "a", "c", "k", "2", "time", "b[x]", "sum(b[*])", "b", "nothing", "lu"])
    one, two = expression(rng, depth - 1), expression(rng, depth - 1)
    return rng.choice(
        [
            f"{one} + {two}",
            f"({one}) * {two}",
            f"max({one}, {two})",
            f"smooth({one}, {two})",
            f"lu({one})",
            f"if {one} > 1 then {two} else k",
            f"initial({one})",
            f"delay1({one}, 2, {two})",
            f"zidz({one})",
            f"b[{rng.choice(['x', 'y', 'z'])}]",
        ]
    )


@pytest.mark.parametrize("seed", range(150))
def test_an_edit_is_found_wrong_if_the_edited_model_is_and_for_the_same_reasons(seed: int) -> None:
    rng = Random(seed)
    variable = rng.choice(list(EQUATIONS))
    equation = expression(rng)
    compiled = penstock.loads(text(EQUATIONS))
    answer = call("validateFor", {"variable": variable, "equation": equation}, {"m": compiled})
    try:
        penstock.loads(text({**EQUATIONS, variable: equation}))
        expected = set()
    except PenstockError as problem:
        expected = {(item.code, item.message) for item in problem.diagnostics}
    found = {(row["code"], row["message"]) for row in answer["diagnostics"] if row["severity"] == "error"}
    assert found == expected, equation
    assert answer["ok"] == (not expected)


def test_most_edits_are_checked_without_looking_at_the_whole_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the whole model was looked at")

    monkeypatch.setattr(edited_pass, "scheduled", refuse)
    compiled = penstock.loads(text(EQUATIONS))
    answer = call("validateFor", {"variable": "a", "equation": "S * 2"}, {"m": compiled})
    assert answer["ok"]
    with pytest.raises(AssertionError):
        call("validateFor", {"variable": "k", "equation": "4"}, {"m": compiled})


def test_an_unchanged_model_has_the_schedule_that_it_had() -> None:
    compiled = penstock.loads(text(EQUATIONS))
    again = scheduled(compiled.flat)
    assert list(again.symbols.by_ident) == list(compiled.schedule.symbols.by_ident)


def test_ranges_are_in_the_equation_in_utf16_units() -> None:
    compiled = penstock.loads(TEXTS["tea.pen"])
    equation = "`🍵` + Teaa"
    answer = call("validateFor", {"variable": "room", "equation": equation}, {"m": compiled})
    marked = {tuple(row["range"]): row for row in answer["diagnostics"]}
    assert set(marked) == {(0, 4), (7, 11)}
    assert marked[7, 11]["place"] == {"source": "equation", "line": 1, "column": 7}
    assert "tea" in marked[7, 11]["advice"].lower()


@pytest.mark.parametrize(
    ("variable", "equation", "part", "codes"),
    [
        ("S", "inflow * 2 - TWICE(S)", "rate", []),
        ("S", "inflow + * 2", "rate", ["PEN101"]),
        ("S", "TWICE(inflow, 2)", "rate", ["PEN204"]),
        ("S", "k * S", "initial", ["PEN205"]),
        ("inflow", "inflow + 1", "value", ["PEN205"]),
        ("inflow", "SMOOTH(S, 2", "value", ["PEN103"]),
        ("k", "2", "value", []),
    ],
)
def test_a_vensim_model_is_asked_in_its_own_language(
    variable: str, equation: str, part: str, codes: list[str]
) -> None:
    asked = {"variable": variable, "equation": equation, "part": part}
    rows = call("validateFor", asked, {"m": model("cup.mdl")})["diagnostics"]
    assert [row["code"] for row in rows if row["severity"] == "error"] == codes


def test_units_of_the_equation_are_compared_with_the_variable_s() -> None:
    compiled = model("cup.mdl")
    wrong = call("validateFor", {"variable": "first", "equation": "T + 0"}, {"m": compiled})
    assert wrong["ok"]
    assert {row["code"][:4] for row in wrong["diagnostics"]} == {"PEN7"}
    right = call("validateFor", {"variable": "first", "equation": "k * T"}, {"m": compiled})
    assert right == {"ok": True, "diagnostics": []}


def test_an_equation_in_a_module_is_checked_where_it_stands() -> None:
    compiled = model("tank.xmile")
    assert call("validateFor", {"variable": "m.out", "equation": "in + 2"}, {"m": compiled})["ok"]
    rows = call("validateFor", {"variable": "m.out", "equation": "drain + 2"}, {"m": compiled})["diagnostics"]
    assert [row["code"] for row in rows] == ["PEN201"]
    with pytest.raises(PenstockError, match="PEN201"):
        call("validateFor", {"variable": "n.out", "equation": "1"}, {"m": compiled})


def test_a_run_is_refused_for_all_its_faults_at_once() -> None:
    run = {
        "overrides": [
            {"name": "nobody", "value": 1},
            {"name": "room", "value": 1},
            {"name": "tau", "value": 3},
            {"name": "Tea", "value": 1, "at": 2},
        ],
        "specs": {"dt": -1, "stop": 3},
        "save": ["Tea", "Coffee"],
    }
    answer = call("validateFor", {"run": run}, {"m": model("tea.pen")})
    assert not answer["ok"]
    assert [row["code"] for row in answer["diagnostics"]] == [
        "PEN504",
        "PEN201",
        "PEN502",
        "PEN503",
        "PEN201",
    ]


def test_a_text_is_read_and_no_more() -> None:
    assert call("validate", {"text": TEXTS["tea.pen"], "name": "tea.pen"}, {}) == {
        "ok": True,
        "diagnostics": [],
    }
    assert call("validate", {"text": "aux a = nobody", "format": "pen"}, {})["ok"]
    rows = call("validate", {"text": "aux 🍵 = (1\naux b = 2 +", "format": "pen"}, {})["diagnostics"]
    assert (rows[0]["code"], rows[0]["range"][0]) == ("PEN103", 9)
    assert len(rows) == 2

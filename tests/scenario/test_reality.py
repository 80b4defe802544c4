"""Reality checks: properties of one model, in a file beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import build
from penstock.cli import main
from penstock.compiler import compile_text
from penstock.errors import PenstockError
from penstock.scenario.reality import ALONE, check_model, parse_checks

# Level = 100 * 0.75^n at time n / 2.
DECAY = "model Decay\ntime 0 to 10 by 0.5\nstock Level = 100\n  out loss\nflow loss = rate * Level\nconst rate = 0.5\n"

CASES = {
    "finite": ("", "set = { rate = 1e200 }", 0.5),
    "nonneg": ('variable = "Level"', "set = { rate = 3 }", 0.5),
    "range": ('variable = "Level"\nlow = 5\nhigh = 100', "", 5.5),
    "monotone": ('variable = "Level"\ndirection = "down"', "set = { rate = -1 }", 0.5),
    "conserved": ('predicate = "Level * 0.75 ^ (-2 * time)"', "set = { rate = 0.4 }", 0.5),
    "always": ('predicate = "Level > 30 or time > 2"', "set = { rate = 1 }", 1.0),
    "amplification": ('variable = "Level"\nother = "loss"\nmost = 1', "set = { rate = 1.5 }", 0.5),
}
"""By kind: the property, what makes it fail, and when. A range fails as it stands."""


def checked(rows: str) -> list[tuple[str, float]]:
    found = check_model(compile_text(DECAY, "d.pen"), parse_checks(rows, "d.properties.toml"))
    return [(row.name, row.tick) for row in found]


@pytest.mark.parametrize("kind", CASES)
def test_a_check_holds_or_fails_with_the_time_at_which_it_begins(kind: str) -> None:
    rows, other, time = CASES[kind]
    table = f'[[property]]\nname = "it"\nkind = "{kind}"\n{rows}\n'
    assert checked(f"{table}{other}\n") == [("it", time)]
    if other:
        assert checked(table) == []


def test_a_goal_is_to_be_reached_within_a_bound_of_model_time() -> None:
    # Level is 100 * 0.75^n: below 50 at n = 3, time 1.5; below 25 at n = 5, time 2.5.
    table = (
        '[[property]]\nname = "{0}"\nkind = "liveness"\n'
        'precondition = "Level < 50"\ngoal = "Level < 25"\nbound = {0}\n'
    )
    assert checked(table.format(1) + table.format(0)) == [("0", 2.0)]


def test_every_kind_has_its_case() -> None:
    assert set(CASES) | {"liveness"} == set(ALONE)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ('[[property]]\nkind = "fifo"\n', "kind"),
        ('[[property]]\nkind = "nonneg"\nvariable = "Lvel"\n', "the property nonneg Lvel names no variable"),
        ('[[property]]\nkind = "always"\npredicate = "Level >"\n', "is no formula"),
        ('[[property]]\nkind = "finite"\n[[property]]\nkind = "finite"\n', "two named 'finite'"),
        ('[[property]]\nkind = "finite"\nset = { Lvel = 1 }\n', "PEN201"),
    ],
)
def test_a_check_that_makes_no_sense_is_refused(rows: str, message: str) -> None:
    with pytest.raises(PenstockError, match=message):
        checked(rows)


def test_the_manuals_checks_hold_for_the_manuals_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (build.ROOT / "web" / "manual" / "scenarios.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\w*\n(.*?)```", page, re.DOTALL)
    model = tmp_path / "tank.pen"
    model.write_text(blocks[0])
    checks = next(block for block in blocks if block.startswith("[[property]]"))
    (tmp_path / "tank.properties.toml").write_text(checks)
    assert main(["check", str(model), "--properties"]) == 0
    assert capsys.readouterr().out == "2 of 2 reality checks hold\n"
    (tmp_path / "other.toml").write_text(checks.replace("Water < 1", "Water < 0.1"))
    assert main(["check", str(model), "--properties", str(tmp_path / "other.toml")]) == 2
    assert "a tank that nothing enters runs empty @ 50:" in capsys.readouterr().err

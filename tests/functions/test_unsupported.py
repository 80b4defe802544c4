"""Functions of other tools that are refused by name."""

import pytest

from functions.models_in_text import aux, compiled, mdl, run, xmile
from penstock.builtins import spellings
from penstock.builtins.unsupported import ROWS
from penstock.errors import PenstockError
from penstock.manual import PAGES
from penstock.model import canonical

NAMES = [(row.tool, name, row.advice) for row in ROWS for name in row.names]


@pytest.mark.parametrize(("tool", "name", "advice"), NAMES, ids=[name for _, name, _ in NAMES])
def test_each_is_refused_by_name_with_its_advice(tool: str, name: str, advice: str) -> None:
    in_mdl, in_xmile = (
        mdl(f"y = {name}(Time, 1)"),
        xmile(aux("y", f"{name}(TIME, 1)"), vendor="isee systems, inc."),
    )
    text, ending = (in_mdl, "mdl") if tool == "Vensim" else (in_xmile, "xmile")
    with pytest.raises(PenstockError) as caught:
        compiled(text, ending)
    (found,) = caught.value.diagnostics
    assert (found.code, found.advice) == ("PEN401", advice)
    assert found.message == f"{name} is not supported"
    assert name in PAGES["unsupported.md"]()


def test_none_is_supported_in_its_tool() -> None:
    known = {"Vensim": spellings("mdl"), "Stella": spellings("xmile_isee")}
    assert [name for tool, name, _ in NAMES if canonical(name) in known[tool]] == []


def test_a_models_own_lookup_may_have_such_a_name() -> None:
    points = "<gf><xscale min='0' max='10'/><ypts>0,20</ypts></gf>"
    text = xmile(f"<gf name='counter'>{points[4:-5]}</gf>" + aux("y", "COUNTER(TIME)"))
    assert run(text, "y", ending="xmile")["y"] == [2.0 * k for k in range(11)]

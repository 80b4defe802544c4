"""What an edit costs, counted: a session does again what depends on the edit, and forgets what is gone."""

from __future__ import annotations

import pytest

from penstock.compiler import Session, compile_text
from penstock.errors import PenstockError

COUNT = 200
CHAIN = "time 0 to 10\nstock s = 1\n  in f\nflow f = v0\nconst v0 = 1\n" + "".join(
    f"aux v{number} = v{number - 1} + sin(s) {{m}}\n" for number in range(1, COUNT)
)


def counts(session: Session) -> dict[str, int]:
    memos = session.memos
    return {
        "read": session.recall.read,
        "declared": memos.declare.made,
        "expanded": memos.expand.made,
        "resolved": memos.resolve.made,
        "lowered": memos.lower.units.made,
        "emitted": session.drafts.made,
    }


def compiled(session: Session, text: str) -> dict[str, int]:
    """What compiling a text did, by kind."""
    before = counts(session)
    session.draft(compile_text(text, "chain.pen", session=session))
    return {kind: count - before[kind] for kind, count in counts(session).items()}


def test_an_edit_of_an_equation_does_itself_and_those_that_name_it_again() -> None:
    session = Session()
    assert compiled(session, CHAIN)["read"] == COUNT + 3  # the line `in` is not kept
    edited = CHAIN.replace("v7 = v6 + sin(s)", "v7 = v6 + cos(s)")
    found = compiled(session, edited)
    assert found["read"] == found["declared"] == 1
    assert found["expanded"] == found["resolved"] == found["lowered"] == 2
    assert found["emitted"] == 1


def test_a_line_above_moves_places_and_nothing_else() -> None:
    session = Session()
    compiled(session, CHAIN)
    assert set(compiled(session, f"# a word before\n\n{CHAIN}").values()) == {0}
    broken = f"# a word before\n\n\n{CHAIN}".replace("v9 = v8", "v9 = nothing")
    with pytest.raises(PenstockError) as raised:
        compile_text(broken, "chain.pen", session=session)
    assert [item.span.line_column()[0] for item in raised.value.diagnostics] == [
        broken[: broken.index("nothing")].count("\n") + 1
    ]


def test_places_are_those_of_the_newest_text_after_one_that_could_not_be_compiled() -> None:
    session = Session()
    first = compile_text(CHAIN, "chain.pen", session=session)
    with pytest.raises(PenstockError):
        compile_text(f"\n\n{CHAIN}aux w = nothing\n", "chain.pen", session=session)
    again = compile_text(CHAIN, "chain.pen", session=session)
    assert again is not first
    assert again.flat.variables[-1].span.line_column() == (CHAIN.count("\n"), 5)


def test_a_session_forgets_what_is_no_longer_in_the_text() -> None:
    session = Session()
    for number in range(30):
        compile_text(f"{CHAIN}aux w{number} = {number} + s\n", "chain.pen", session=session)
    assert len(session.recall._entries) < COUNT + 20
    assert len(session.memos.lower.units._entries) < 2 * COUNT + 60


def test_a_minus_before_a_zero_is_an_edit() -> None:
    text = "time 0 to 1\nstock s = 1\n  in f\nflow f = 1 / z\naux z = s * 0\nlookup g = (0, 0) (1, 1)\naux y = g(s)\n"
    session = Session()
    compile_text(text, "zero.pen", session=session)
    edited = text.replace("s * 0", "s * -0").replace("(0, 0)", "(0, -0)")
    found, fresh = compile_text(edited, "zero.pen", session=session), compile_text(edited, "zero.pen")
    assert found.blob == fresh.blob != compile_text(text, "zero.pen").blob

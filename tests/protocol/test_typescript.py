"""The TypeScript half does what the Python half says: it is run, not read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from penstock.errors import CODES, PenstockError
from penstock.protocol import MESSAGES, parse
from protocol.test_messages import ROWS, SPOILED, complete, minimal


def python_says(message: Any, sender: Any) -> str | None:
    try:
        parse(message, sender)
    except PenstockError as raised:
        (found,) = raised.diagnostics
        return f"{found.code} {found.message}"
    return None


@pytest.fixture(scope="module")
def answers(script: Callable[..., Any]) -> dict[str, Any]:
    cases = [
        *({"sender": row.sender, "message": build(row)} for row in ROWS for build in (minimal, complete)),
        *({"sender": row.sender, "message": message} for row, message, _ in (p.values for p in SPOILED)),
        *(
            {"sender": "page", "message": message}
            for message in (None, 3, "run", [], {}, {"type": "toString"})
        ),
    ]
    messages = [{"message": minimal(row), "buffers": list(row.transfer)} for row in ROWS]
    return {**script("messages", {"cases": cases, "messages": messages}), "cases": cases}


def test_both_halves_refuse_the_same_messages_with_the_same_words(answers: dict[str, Any]) -> None:
    for case, answer in zip(answers["cases"], answers["refusals"], strict=True):
        message = case["message"]
        expected = python_says(message if isinstance(message, dict) else {}, case["sender"])
        if expected and ("PEN508" in expected or "PEN509" in expected):
            # The text quotes what was found, which Python and JavaScript spell differently when it is nothing.
            expected, answer = expected[:6], answer[:6]
        assert answer == expected, case


def test_buffers_leave_the_sender_and_nothing_else_does(answers: dict[str, Any]) -> None:
    for row, lengths in zip(MESSAGES.values(), answers["lengths"], strict=True):
        assert lengths["here"] == [0] * len(row.transfer), row.type
        assert lengths["there"] == [40] * len(row.transfer), row.type
        assert lengths["kept"] == 8


@pytest.mark.smoke
def test_no_text_of_the_catalogue_stands_in_handwritten_typescript() -> None:
    root = Path(__file__).resolve().parents[2]
    sources = [*(root / "worker").glob("*.ts"), *(root / "web/src").rglob("*.ts")]
    written = "\n".join(p.read_text("utf-8") for p in sources if p.name != "protocol.ts")
    for row in CODES.values():
        for text in (row.message, row.advice):
            if len(text) > 30 and "{" not in text:
                assert text not in written, row.code

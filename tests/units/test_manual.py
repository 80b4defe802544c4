"""The page on units says what happens: its models compile, and what it prints below them is what `check` prints."""

import re
from pathlib import Path

import pytest

import penstock
from penstock.units import Table

pytestmark = pytest.mark.smoke

PAGE = Path(__file__).resolve().parents[2] / "web/manual/units.md"
EXAMPLES = re.findall(
    r"```pen\n(.*?)```\n(?:```text\n(.*?)```)?", PAGE.read_text(encoding="utf-8"), re.DOTALL
)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_examples_print_what_the_page_says(number: int) -> None:
    text, printed = EXAMPLES[number]
    assert "\n".join(map(str, penstock.loads(text).units.findings)) == printed.rstrip()


def test_the_spellings_in_the_page_can_be_read() -> None:
    table = PAGE.read_text(encoding="utf-8").split("| --- |")[1].split("\n\n")[0]
    spellings = [
        text for line in table.splitlines() for text in re.findall(r"`([^`]+)`", line.partition("|")[2])
    ]
    found = [Table().unit(text) for text in spellings if text not in ("-", "*", "/", "per")]
    assert len(found) > 15

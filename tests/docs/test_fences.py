"""Blocks in Markdown: found where Markdown has them, read as authors write them, wrong ones placed in the page."""

from pathlib import Path

import pytest

from docs.sites import GROWTH, TEA, fence
from penstock.docs.blocks import make
from penstock.docs.fences import Fence, fences, replaced
from penstock.errors import PenstockError
from penstock.place import Source


def found(text: str) -> list[Fence]:
    return list(fences(Source("page.md", text)))


def options(text: str) -> dict[str, str]:
    (fence,) = found(text)
    return dict(fence.block.options)


@pytest.mark.parametrize(
    "line",
    [
        'height=420 sliders="a, b" autoplay',
        "height=420   sliders='a, b' autoplay",
        'height = 420 sliders="a, b" autoplay ',
    ],
)
def test_options_are_written_as_attributes_are(line: str) -> None:
    wanted = {"height": "420", "sliders": "a, b", "autoplay": ""}
    assert options(f"```penstock {line}\nx\n```") == wanted
    assert options(f"~~~ {{.penstock {line}}}\nx\n~~~") == wanted


def test_a_directive_s_form_has_options_on_lines() -> None:
    text = "```{penstock} models/sir.mdl\n:height: 420\n:plots: a;b\n```\n"
    assert options(text) == {"file": "models/sir.mdl", "height": "420", "plots": "a;b"}


def test_files_and_identities_are_told_from_options() -> None:
    assert options("```penstock sir.mdl #fig .wide t=3\n```") == {"file": "sir.mdl", "id": "fig", "t": "3"}


def test_other_languages_and_inner_fences_are_left_alone() -> None:
    assert found("```penstocks\nx\n```\n```python\npenstock\n```\n``` not penstock\n```\n") == []
    assert found("````markdown\n```penstock\nx\n```\n````\n") == []
    (inner,) = found("~~~~\n```penstock\nno\n```\n~~~~\n\n```penstock\nyes\n```\n")
    assert inner.block.text == "yes\n"


def test_a_block_that_nothing_closes_goes_on_to_the_end() -> None:
    (fence,) = found("```penstock\na\nb")
    assert (fence.block.text, fence.end) == ("a\nb\n", 3)


@pytest.mark.parametrize("before", ["    ", "> ", "  > ", "\t"])
def test_what_stands_before_a_block_is_no_part_of_its_text(before: str) -> None:
    text = "".join(f"{before}{line}\n" for line in fence(GROWTH).splitlines())
    (one,) = found(text)
    assert one.block.text == GROWTH
    after = replaced(Source("page.md", text), lambda _: "HERE")
    assert after.split("\n")[1] == f"{before}HERE"


def test_the_rest_of_a_page_stays_as_it_is() -> None:
    text = "# A\n\n" + fence(TEA) + "\nb `c`\n"
    assert replaced(Source("p", text), lambda _: "HERE") == "# A\n\n\nHERE\n\n\nb `c`\n"


@pytest.mark.parametrize(("before", "column"), [("", 15), ("    ", 19), ("> ", 17)])
def test_an_error_is_in_the_page_s_own_line_and_column(before: str, column: int, tmp_path: Path) -> None:
    wrong = "".join(f"{before}{line}\n" for line in fence(GROWTH.replace("rate *", "rat *")).splitlines())
    page = Source("docs/page.md", "# Title\n\nText.\n\n" + wrong)
    (one,) = fences(page)
    with pytest.raises(PenstockError, match=rf"^docs/page.md:8:{column}: PEN201 the name rat ") as caught:
        make(one.block, tmp_path)
    assert caught.value.diagnostics[0].span.text == "rat"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (fence(GROWTH, "height=tall"), r"^p.md:2:1: PEN514 .*height.*tall"),
        (fence(GROWTH, "colour=red"), r"^p.md:2:1: PEN514 .*colour"),
        (fence(GROWTH, 'sliders="nobody"'), r"^p.md:2:1: PEN201 .*nobody"),
        (fence(GROWTH, 'height="42'), r"^p.md:2:1: PEN514 .*after penstock"),
        (fence("", ""), r"^p.md:2:1: PEN514 the block without text"),
        (fence(GROWTH, "sir.mdl"), r"^p.md:2:1: PEN514 .*file and text"),
        (fence("", "nowhere.mdl"), r"^p.md:2:1: PEN001 .*nowhere.mdl"),
        (fence(GROWTH, "format=word"), r"^p.md:2:1: PEN514 .*word.*(?s:.*)mdl"),
        (fence(GROWTH, "code=sideways"), r"^p.md:2:1: PEN514 .*sideways"),
    ],
)
def test_a_block_that_is_wrong_as_a_whole_is_placed_at_its_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(PenstockError, match=said):
        replaced(Source("p.md", f"\n{text}"), lambda block: make(block, tmp_path).text)


def test_what_stops_a_run_is_placed_in_the_page_too(tmp_path: Path) -> None:
    (one,) = found("\n" + fence(GROWTH.replace("by 0.5", "by stride") + "const stride = 0 - 1\n"))
    with pytest.raises(PenstockError, match=r"^page.md:7:17: PEN311"):
        make(one.block, tmp_path)


def test_a_file_s_errors_are_placed_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "model.pen").write_text(GROWTH.replace("rate *", "rat *"))
    (one,) = found(fence("", "model.pen"))
    with pytest.raises(PenstockError, match=r"^model.pen:3:15: PEN201"):
        make(one.block, tmp_path)


def test_any_format_may_stand_in_a_block(tmp_path: Path) -> None:
    text = "x= INTEG (r, 1) ~~|\nr= 2 ~~|\nINITIAL TIME=0~~|\nFINAL TIME=3~~|\nTIME STEP=1~~|\nSAVEPER=1~~|\n"
    (one,) = found(fence(text, "format=mdl"))
    made = make(one.block, tmp_path)
    assert "x goes from 1 to 7." in made.bundle.picture.alt


def test_a_figure_shows_the_model_s_text_where_it_is_told(tmp_path: Path) -> None:
    for code, wanted in (
        ("above", ["pre", "figure"]),
        ("below", ["figure", "pre"]),
        ("folded", ["figure", "details"]),
    ):
        (one,) = found(fence(GROWTH, f"code={code}"))
        text = make(one.block, tmp_path).figure("a/", "s.js")
        places = {name: text.index(f"<{name}") for name in wanted}
        assert sorted(places, key=places.__getitem__) == wanted

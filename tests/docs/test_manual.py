"""The project's own manual: its examples compile, its messages are real, its numbers are what its models say."""

import re
from pathlib import Path

import pytest

import build
import penstock
from penstock.docs.blocks import make
from penstock.docs.fences import fences
from penstock.place import Source

FOLDER = build.WEB / "manual"
PAGES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.md"))
TUTORIAL = (FOLDER / "tutorial.md").read_text(encoding="utf-8")


def examples(page: str) -> list[str]:
    return re.findall(
        r"^```penstock[^\n]*\n(.*?)^```", (FOLDER / page).read_text(encoding="utf-8"), re.M | re.S
    )


@pytest.mark.parametrize("page", [page for page in PAGES if examples(page)])
def test_models_of_a_page_are_live(page: str) -> None:
    path = FOLDER / page
    found = list(fences(Source(page, path.read_text(encoding="utf-8"))))
    assert found
    for one in found:
        made = make(one.block, path.parent)
        assert made.bundle.picture.alt
        assert "model." not in made.bundle.picture.alt, "give the model a name"


def test_every_page_is_found_from_the_side_of_every_other() -> None:
    listed = set(re.findall(r"([\w/-]+\.md)", build.MANUAL_PAGES.read_text(encoding="utf-8")))
    assert set(PAGES) - listed == set(), "say in web/mkdocs.yml where it belongs"
    assert all((FOLDER / page).exists() for page in listed)


def test_the_tutorial_s_mistake_says_what_the_tutorial_says() -> None:
    (shown,) = re.findall(r"```text\n(epidemic.*?)```", TUTORIAL, re.S)
    text = examples("tutorial.md")[2].replace("= contacts *", "= contcts *", 1)
    with pytest.raises(penstock.PenstockError) as caught:
        penstock.loads(text, "epidemic.pen")
    assert str(caught.value) == shown.rstrip()


def test_the_tutorial_s_experiments_come_out_as_it_says() -> None:
    rumour, limit, epidemic = map(penstock.loads, examples("tutorial.md"))
    assert rumour.run()["Knowing"][-1] == pytest.approx(1.125**80)
    run = limit.run()
    fastest = max(range(len(run)), key=run["telling"].__getitem__)
    assert run["Knowing"][fastest] == pytest.approx(500, rel=0.1)  # within a step of it
    assert max(epidemic.run(contacts=2.4)["Infected"]) == 1.0
    many, few = epidemic.run(contacts=10, duration=2), epidemic.run(contacts=2.5, duration=8)
    for one, weeks in ((many, 3), (few, 10)):
        assert one["reproduction"][0] == 2.0
        # The share that is ill in the end solves z = 1 - exp(-2 z), Kermack and McKendrick's equation; Euler's steps
        # and the few who are ill still move it a little.
        assert one["Recovered"][-1] == pytest.approx(7968.1, rel=0.01)
        peak = one.time[max(range(len(one)), key=one["Infected"].__getitem__)]
        assert peak / 7 == pytest.approx(weeks, abs=0.6)


def test_the_command_lines_of_the_page_about_documentation_are_commands() -> None:
    from penstock.cli import parser

    text = (FOLDER / "documentation.md").read_text(encoding="utf-8")
    commands = re.findall(r"`penstock ((?:export|docs) [^`]+)`", text)
    assert len(commands) > 5
    for command in commands:
        parser().parse_args(command.split())


def test_the_extension_s_folder_is_where_the_page_says(tmp_path: Path) -> None:
    from penstock.cli import main

    assert main(["docs", "quarto", str(tmp_path)]) == 0
    assert (tmp_path / "_extensions/penstock/blocks.lua").is_file()

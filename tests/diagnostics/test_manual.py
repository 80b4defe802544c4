"""The page about checking says what happens."""

import re
from pathlib import Path

import build
from penstock.cli import main

PAGE = (build.WEB / "manual/check.md").read_text(encoding="utf-8")


def test_the_example_in_python_prints_what_the_page_says(capsys) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code, "check.md", "exec"), {})
    printed = [line.removeprefix("# ") for line in code.splitlines() if line.startswith("# ")]
    assert capsys.readouterr().out.splitlines() == printed


def test_the_example_of_a_message_is_one(tmp_path: Path, capsys) -> None:
    text = "time 0 to 10 by 1\n" + "\n" * 6 + "const contact rate = 6\naux a = contct rate * 2\n"
    path = tmp_path / "epidemic.pen"
    path.write_text(text, encoding="utf-8")
    assert main(["check", str(path)]) == 1
    assert capsys.readouterr().err.split("1 more")[0].strip() in PAGE


def test_every_page_of_the_manual_is_in_its_contents() -> None:
    contents = (build.WEB / "manual/README.md").read_text(encoding="utf-8")
    for page in (build.WEB / "manual").rglob("*.md"):
        name = page.relative_to(build.WEB / "manual").as_posix()
        assert name == "README.md" or f"({name})" in contents, name


def test_links_of_the_manual_lead_somewhere() -> None:
    for page in (build.WEB / "manual").rglob("*.md"):
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"

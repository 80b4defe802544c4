"""What the README shows does what it says."""

import re
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"


@pytest.mark.smoke
def test_the_python_example_prints_what_its_comments_say(capsys):
    code = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL).group(1)
    exec(compile(code, "README.md", "exec"), {})
    promised = re.findall(r"print\(.*\) +# (.*)", code)
    printed = capsys.readouterr().out.splitlines()
    assert len(promised) == len(printed) > 0
    for said, found in zip(promised, printed, strict=True):
        assert found.startswith(said.removesuffix("..."))


def test_every_folder_of_the_map_exists():
    root = README.parent
    for cell in re.findall(r"^\| `([^`]+)` \|", README.read_text(encoding="utf-8"), re.MULTILINE):
        for name in cell.removeprefix("… ").split():
            base = root / "pyengine" / "penstock" if cell.startswith("…") else root
            assert (base / name).exists(), name


def test_every_picture_of_the_readme_exists():
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README.read_text(encoding="utf-8")):
        assert (README.parent / picture).is_file(), picture

"""The Quarto extension, as pandoc runs it: its filter for blocks, and its shortcode, which a filter of ours calls."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pypandoc
import pytest

from docs.sites import GROWTH, TOOL, element, fence
from penstock.cli import main
from penstock.docs import blocks

# What Quarto gives extensions, and how it calls a shortcode.
DRIVER = """quarto = {{ utils = {{ resolve_path = function(name) return "{folder}/" .. name end }} }}
local shortcodes = dofile("{folder}/penstock.lua")
return {{ {{ Para = function(block)
  local file = pandoc.utils.stringify(block):match("{{{{< penstock (%S+)")
  return file and shortcodes.penstock({{ pandoc.Str(file) }}, {{ height = pandoc.Inlines("300") }})
end }} }}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert main(["docs", "quarto", str(tmp_path)]) == 0
    command = tmp_path / "command"
    words = [sys.executable, str(TOOL), element(tmp_path / "e"), "penstock"]
    command.write_text("#!/bin/sh\nexec " + " ".join(f"'{word}'" for word in words) + ' "$@"\n')
    command.chmod(0o755)
    (tmp_path / "growth.pen").write_text(GROWTH)
    (tmp_path / "page.md").write_text(
        "# Growth\n\n" + fence(GROWTH, "").replace("penstock", "{.penstock height=300 #one}")
    )
    return tmp_path


def pandoc(project: Path, to: str, page: str, lua: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [pypandoc.get_pandoc_path(), page, "-f", "markdown-smart", "-t", to, "--lua-filter", lua],
        cwd=project,
        env={**os.environ, "PENSTOCK": "./command"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def extension(project: Path) -> Path:
    return project / "_extensions/penstock"


def assert_live(project: Path, html: str) -> None:
    assert html.count("<penstock-model ") == 1
    assert 'height="300"' in html
    for address in re.findall(r'src="([^"]+)"', html):
        assert (project / address).is_file(), address


def test_a_block_is_live_in_html_and_a_poster_in_print(project: Path) -> None:
    made = pandoc(project, "html", "page.md", extension(project) / "blocks.lua")
    assert made.returncode == 0, made.stderr
    assert_live(project, made.stdout)
    assert '<figure class="penstock-figure" id="one"' in made.stdout
    printed = pandoc(project, "latex", "page.md", extension(project) / "blocks.lua").stdout
    (address,) = re.findall(r"\{(penstock/[^}]+\.pdf)\}", printed)
    assert (project / address).read_bytes().startswith(b"%PDF")


def test_a_shortcode_names_a_file(project: Path) -> None:
    (project / "page.md").write_text("{{< penstock growth.pen height=300 >}}\n")
    (project / "driver.lua").write_text(DRIVER.format(folder=extension(project).as_posix()))
    made = pandoc(project, "html", "page.md", project / "driver.lua")
    assert made.returncode == 0, made.stderr
    assert_live(project, made.stdout)


def test_an_error_fails_the_document(project: Path) -> None:
    page = project / "page.md"
    page.write_text(page.read_text().replace("rate *", "rat *"))
    made = pandoc(project, "html", "page.md", extension(project) / "blocks.lua")
    assert made.returncode != 0
    assert "PEN201 the name rat is not defined" in made.stderr


def test_the_extension_is_small() -> None:
    folder = Path(blocks.__file__).parent / "quarto/_extensions/penstock"
    assert sum(len(file.read_text(encoding="utf-8").splitlines()) for file in folder.glob("*.lua")) < 60

"""The MkDocs plugin in a real site of Material for MkDocs."""

import json
import re
from pathlib import Path

import pytest

from docs.sites import GROWTH, TEA, done, element, fence, files_of, indented, run

SETTINGS = """site_name: Handbook
theme: {name: material, features: [navigation.instant]}
markdown_extensions: [admonition, pymdownx.superfences, attr_list]
plugins: [search, penstock]
"""
INDEX = f"""---
title: Tea
---
# A cup

{fence(TEA, 'height=420 caption="Hot & <b>cold</b>" #cup')}

1. In a list:

{indented(fence(GROWTH))}
2. On.

!!! note

{indented(fence("", "models/growth.pen view=chart"))}

````markdown
{fence("not a model")}````
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "docs/models").mkdir(parents=True)
    (tmp_path / "mkdocs.yml").write_text(SETTINGS)
    (tmp_path / "docs/index.md").write_text(INDEX)
    (tmp_path / "docs/models/growth.pen").write_text(GROWTH)
    (tmp_path / "docs/models/more.md").write_text("# More\n\n" + fence("", "growth.pen"))
    return tmp_path


def test_a_site_has_a_figure_for_every_block_wherever_it_stands(site: Path) -> None:
    done(element(site / "e"), "mkdocs", "build", "--strict", "-q", cwd=site)
    made = files_of(site / "site")
    html = made["index.html"].decode()
    assert html.count("<penstock-model ") == 3
    assert html.count("</penstock-model></figure>") == 2
    assert "<figcaption>Hot &amp; &lt;b&gt;cold&lt;/b&gt;</figcaption>" in html
    assert re.search(r"<li>\s*<p>In a list:</p>\s*<figure", html)
    assert re.search(r'<p class="admonition-title">Note</p>\s*<figure', html)
    assert "not a model" in html
    assert not re.search(r"penstock[0-9a-f]{64}", html)
    for page in ("index.html", "models/more/index.html"):
        for address in re.findall(r'src="([^"]*penstock/[^"]+)"', made[page].decode()):
            assert (site / "site" / page).parent.joinpath(address).is_file(), address
    listed = json.loads(made["assets/penstock/manifest.json"])["files"]
    assert "penstock-embed.js" in listed


def test_an_error_fails_the_build_with_page_and_line(site: Path) -> None:
    (site / "docs/index.md").write_text(INDEX.replace("rate * Level", "rat * Level"))
    made = run(element(site / "e"), "mkdocs", "build", "-q", cwd=site)
    assert made.returncode == 1
    line = INDEX.split("\n").index("    flow growth = rate * Level") + 1
    assert f"index.md:{line}:19: PEN201 the name rat is not defined" in made.stderr
    assert "Traceback" not in made.stderr

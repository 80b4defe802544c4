"""The Sphinx extension in real builds, of reStructuredText and of MyST."""

import io
import re
from pathlib import Path

import pypdfium2
import pytest

from docs.sites import GROWTH, TEA, done, element, files_of, indented, run

SHOP = f'''"""A shop.

.. penstock::
   :height: 200

{indented(GROWTH, 3)}"""
'''
CONF = """import pathlib, sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
project = "Handbook"
extensions = ["penstock.docs.sphinx", "myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
numfig = True
copyright = version = "1"
"""
INDEX = f"""Cooling
=======

See :numref:`cup`.

.. penstock::
   :name: cup
   :height: 420
   :caption: Hot & *cold*

{indented(TEA, 3)}
.. penstock:: models/growth.pen
   :code: below

.. toctree::

   models/more

.. automodule:: shop
"""
MORE = f"""# More

```{{penstock}} growth.pen
:caption: From a file
```

```{{penstock}}
:view: chart
{GROWTH}```
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sphinx") / "project"
    (folder / "models").mkdir(parents=True)
    for name, text in (
        ("conf.py", CONF),
        ("index.rst", INDEX),
        ("shop.py", SHOP),
        ("models/more.md", MORE),
        ("models/growth.pen", GROWTH),
    ):
        (folder / name).write_text(text)
    return folder


def sphinx(project: Path, builder: str) -> Path:
    """All builders share what was read, as in `make html latexpdf`."""
    out = project.parent / builder
    shared = ("-d", project.parent / "read")
    done(
        element(project.parent / "e"), "sphinx", "-q", "-W", *shared, "-b", builder, project, out, cwd=project
    )
    return out


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_pages_have_live_figures_with_captions_and_numbers(project: Path, builder: str) -> None:
    out = sphinx(project, builder)
    html = (out / "index.html").read_text(encoding="utf-8")
    more = out / ("models/more.html" if builder == "html" else "models/more/index.html")
    assert html.count("<penstock-model ") == 3  # one of them in a docstring
    assert re.search(r'<figure class="[^"]*penstock-figure[^"]*" id="cup">', html)
    assert "Hot &amp; <em>cold</em>" in html
    assert "Fig. 1" in html
    assert "stock Level = 100" in html
    assert more.read_text(encoding="utf-8").count("<penstock-model ") == 2
    for page in (out / "index.html", more):
        for address in re.findall(r'src="([^"]*static/penstock/[^"]+)"', page.read_text(encoding="utf-8")):
            assert page.parent.joinpath(address).is_file(), address
    assert (out / "_static/penstock/manifest.json").is_file()


def test_latex_gets_posters_that_other_readers_can_read(project: Path) -> None:
    out = sphinx(project, "latex")
    tex = (out / "handbook.tex").read_text(encoding="utf-8")
    names = re.findall(r"\\sphinxincludegraphics\{\{([^}]+)\}\.pdf\}", tex)
    assert len(names) == 5
    for name in names:
        page = pypdfium2.PdfDocument(io.BytesIO((out / f"{name}.pdf").read_bytes()))[0]
        assert re.search("Temperature|Level", page.get_textpage().get_text_bounded())
    assert r"\caption{Hot \& \sphinxstyleemphasis{cold}}" in tex


def test_books_and_plain_text_get_posters_and_words(project: Path) -> None:
    text = (sphinx(project, "text") / "index.txt").read_text(encoding="utf-8")
    assert "[Teacup. Stock and flow diagram of 4 variables." in " ".join(text.split())
    names = files_of(sphinx(project, "epub"))
    assert any(re.fullmatch(r"_static/penstock/teacup\.[0-9a-f]{16}\.svg", name) for name in names)
    assert not any(name.endswith((".wasm", "embed.js")) for name in names)
    assert b"penstock-model" not in names["index.xhtml"]


@pytest.mark.parametrize(
    ("page", "place"),
    [
        (f"A\n=\n\n.. penstock::\n   :height: 300\n\n{indented(GROWTH, 3)}", "page.rst:9:18"),
        (f"# A\n\n```{{penstock}}\n:height: 300\n{GROWTH}```\n", "page.md:7:15"),
    ],
)
def test_an_error_fails_the_build_with_file_and_line(tmp_path: Path, page: str, place: str) -> None:
    (tmp_path / "conf.py").write_text(CONF + 'master_doc = "page"\n')
    (tmp_path / place.partition(":")[0]).write_text(page.replace("rate *", "rat *"))
    made = run(element(tmp_path / "e"), "sphinx", "-q", "-b", "html", tmp_path, tmp_path / "o", cwd=tmp_path)
    assert made.returncode != 0
    assert f"{place}: PEN201 the name rat is not defined" in made.stderr

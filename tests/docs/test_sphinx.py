"""The Sphinx extension in real builds, of reStructuredText and of MyST."""

import io
import re
from pathlib import Path

import pypdfium2
import pytest

from docs.sites import GROWTH, TEA, done, element, files_of, indented, run

CONF = """project = "Handbook"
extensions = ["penstock.docs.sphinx", "myst_parser"]
html_theme = "furo"
numfig = True
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
"""
MORE = f"""# More

```{{penstock}} growth.pen
:caption: From a file
```

```{{penstock}}
:view: chart
{GROWTH}```
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    for name, text in (
        ("conf.py", CONF),
        ("index.rst", INDEX),
        ("models/more.md", MORE),
        ("models/growth.pen", GROWTH),
    ):
        (folder / name).write_text(text)
    return folder


def sphinx(project: Path, builder: str) -> Path:
    out = project.parent / builder
    done(element(project.parent / "e"), "sphinx", "-q", "-W", "-b", builder, project, out, cwd=project)
    return out


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_pages_have_live_figures_with_captions_and_numbers(project: Path, builder: str) -> None:
    out = sphinx(project, builder)
    html = (out / "index.html").read_text(encoding="utf-8")
    more = out / ("models/more.html" if builder == "html" else "models/more/index.html")
    assert html.count("<penstock-model ") == 2
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
    assert len(names) == 4
    for name in names:
        page = pypdfium2.PdfDocument(io.BytesIO((out / f"{name}.pdf").read_bytes()))[0]
        assert re.search("Temperature|Level", page.get_textpage().get_text_bounded())
    assert r"\caption{Hot \& \sphinxstyleemphasis{cold}}" in tex


def test_books_and_plain_text_get_posters_and_words(project: Path) -> None:
    text = (sphinx(project, "text") / "index.txt").read_text(encoding="utf-8")
    assert "[Teacup. Stock and flow diagram of 4 variables." in " ".join(text.split())
    (project / "conf.py").write_text(CONF + 'copyright = version = "1"\n')
    names = files_of(sphinx(project, "epub"))
    assert any(re.fullmatch(r"_static/penstock/teacup\.[0-9a-f]{16}\.svg", name) for name in names)
    assert not any(name.endswith((".wasm", "embed.js")) for name in names)
    assert b"penstock-model" not in names["index.xhtml"]


@pytest.mark.parametrize(
    ("file", "line", "column"),
    [
        (
            "index.rst",
            INDEX.split("\n").index("   flow cooling = (Temperature - room) / tau {degF/minute}") + 1,
            19,
        ),
        ("models/more.md", MORE.split("\n").index("flow growth = rate * Level") + 1, 15),
    ],
)
def test_an_error_fails_the_build_with_file_and_line(
    project: Path, file: str, line: int, column: int
) -> None:
    path = project / file
    path.write_text(path.read_text().replace("rate *", "rat *").replace("(Temperature", "(Temperatur"))
    made = run(
        element(project.parent / "e"),
        "sphinx",
        "-q",
        "-b",
        "html",
        project,
        project.parent / "o",
        cwd=project,
    )
    assert made.returncode != 0
    assert re.search(
        rf"{re.escape(file)}:{line}:{column}: PEN201 the name (rat|Temperatur) is not", made.stderr
    )

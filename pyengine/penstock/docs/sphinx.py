"""The extension `penstock.docs.sphinx` of Sphinx: the directive `penstock`, in reStructuredText and in MyST.

A model stands in a figure, so captions, numbers and references work as those of pictures do. Builders that write HTML
get the live element, all others its poster.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from .. import __version__
from ..errors import PenstockError
from ..export.folder import complete, module, put
from ..export.markup import PLACE, element, image
from ..export.view import OPTIONS
from ..place import Source
from .blocks import OWN, Block, Made, make

logger = logging.getLogger(__name__)

FOLDER = "_static/penstock"
_PLACES = {"file", "id"}
"""Options of blocks that a directive has other words for."""


class ModelError(SphinxError):
    """What is wrong with a model of the documentation; ends the build."""

    category = "Penstock"


class Model(nodes.General, nodes.Element):
    """A model; ``made`` is what was made of it when its page was read."""


class ModelDirective(SphinxDirective):
    """``.. penstock:: file.mdl``, or a model's text as its content."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = {
        **dict.fromkeys(sorted({*OWN, *OPTIONS} - _PLACES), directives.unchanged),
        "name": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        made = self._made()
        figure = nodes.figure(
            "", Model(made=made), classes=["penstock-figure", *self.options.get("class", [])]
        )
        if caption := made.bundle.view.get("caption", ""):
            inline, messages = self.parse_inline(caption)
            figure += [nodes.caption(caption, "", *inline), *messages]
        self.set_source_info(figure)
        self.add_name(figure)
        if not made.code:
            return [figure]
        listing = nodes.literal_block(made.text, made.text, language="text")
        return [listing, figure] if made.code == "above" else [figure, listing]

    def _made(self) -> Made:
        source, line = self.get_source_info()
        page = Source(source, _read(source) or "\n" * line + "\n".join(self.content))
        options = {name: text or "" for name, text in self.options.items() if name not in ("name", "class")}
        folder = Path(source).parent
        if self.arguments:
            options["file"] = self.arguments[0].strip()
            self.env.note_dependency(str(folder / options["file"]))
        text = "\n".join([*self.content, ""]) if any(self.content) else ""
        try:
            module()
            return make(Block(page, line, self._first(page, line), text, options), folder)
        except PenstockError as problem:
            raise ModelError(str(problem)) from None

    def _first(self, page: Source, line: int) -> int:
        """The line that the text begins in; markups count lines of a directive in their own ways."""
        first = self.content[0].strip() if self.content else ""
        lines = page.text.split("\n")
        return next((n for n in range(line, len(lines) + 1) if lines[n - 1].strip() == first), line)


def _read(source: str) -> str:
    try:
        return Path(source).read_text(encoding="utf-8-sig", errors="replace")
    except OSError:  # a docstring is no file
        return ""


def visit_html(writer: Any, node: nodes.Element) -> None:
    """The element, or for a book its poster."""
    made: Made = node["made"]
    builder = writer.builder
    book = builder.name == "epub"
    files = made.bundle.files
    put(Path(builder.outdir, FOLDER), {made.bundle.poster: files[made.bundle.poster]} if book else files)
    folder = relative_uri(builder.get_target_uri(builder.current_docname), f"{FOLDER}/")
    poster = image(made.bundle, folder + made.bundle.poster)
    if book:
        writer.body.append(poster)
    else:
        live = element(made.bundle, folder + made.bundle.name, poster)
        writer.body.append(f'<style>{PLACE}</style><div style="margin:1em 0 .5em">{live}</div>')
        writer.body.append(f'<script type="module" src="{folder}{module()[0]}"></script>')
    raise nodes.SkipNode


def visit_latex(writer: Any, node: nodes.Element) -> None:
    made: Made = node["made"]
    name, printed = made.pdf()
    if printed.lost:
        logger.warning(
            "%s stands in print without these letters: %s",
            made.bundle.poster,
            printed.lost,
            location=node.parent,
        )
    put(Path(writer.builder.outdir), {name: printed.content})
    writer.body.append(rf"\sphinxincludegraphics{{{{{name.removesuffix('.pdf')}}}.pdf}}")
    raise nodes.SkipNode


def visit_text(writer: Any, node: nodes.Element) -> None:
    writer.new_state(0)
    writer.add_text(f"[{node['made'].bundle.picture.alt}]")
    writer.end_state()
    raise nodes.SkipNode


def visit_plain(writer: Any, node: nodes.Element) -> None:
    writer.body.append(f"[{node['made'].bundle.picture.alt}]")
    raise nodes.SkipNode


def finish(app: Sphinx, problem: Exception | None) -> None:
    """Write the element's files beside what the pages wrote."""
    folder = Path(app.outdir, FOLDER)
    if problem is None and app.builder.format == "html" and app.builder.name != "epub" and folder.is_dir():
        complete(folder)


def setup(app: Sphinx) -> dict[str, Any]:
    html, plain = (visit_html, None), (visit_plain, None)
    app.add_node(
        Model, html=html, latex=(visit_latex, None), text=(visit_text, None), man=plain, texinfo=plain
    )
    app.add_directive("penstock", ModelDirective)
    app.connect("build-finished", finish)
    safe = {"parallel_read_safe": True, "parallel_write_safe": True}
    return {"version": __version__, "env_version": 1, **safe}

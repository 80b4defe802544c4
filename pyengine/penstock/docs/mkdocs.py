"""The plugin `penstock` of MkDocs: fenced blocks become live models.

Markdown sees a word in place of each block, and its HTML the figure in place of that word: so lists, tabs and
admonitions hold figures whatever extensions a site has.
"""

from __future__ import annotations

import hashlib
import re
from functools import partial
from pathlib import Path

from mkdocs.config.base import Config
from mkdocs.config.config_options import Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from ..errors import PenstockError
from ..export.folder import complete, module, put
from ..place import Source
from .blocks import Block, Made, make
from .fences import replaced

_WORD = re.compile(r"<p>\s*(penstock[0-9a-f]{64})\s*</p>|(penstock[0-9a-f]{64})")


class Settings(Config):  # type: ignore[no-untyped-call]
    """`folder` of the site is where blobs, posters and the element go."""

    folder = Type(str, default="assets/penstock")


class PenstockPlugin(BasePlugin[Settings]):  # type: ignore[no-untyped-call]
    """Keeps what the pages of one build need; errors end the build with page and line."""

    def __init__(self) -> None:
        self._made: dict[str, Made] = {}
        self._content: dict[str, bytes] = {}

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        self._made, self._content = {}, {}
        try:
            module()
        except PenstockError as problem:
            raise PluginError(str(problem)) from None

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        source = _whole(page, markdown)
        hidden = len(source.text) - len(markdown)
        try:
            return replaced(source, partial(self._word, page))[hidden:]
        except PenstockError as problem:
            raise PluginError(str(problem)) from None

    def _word(self, page: Page, block: Block) -> str:
        """What Markdown sees of a block."""
        made = make(block, Path(page.file.abs_src_path or ".").parent)
        word = "penstock" + hashlib.sha256(f"{page.file.src_uri}\0{block.line}".encode()).hexdigest()
        self._made[word] = made
        self._content |= made.bundle.files
        return word

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        folder = get_relative_url(self.config.folder, page.url).rstrip("/") + "/"
        return _WORD.sub(partial(self._figure, folder), html)

    def _figure(self, folder: str, match: re.Match[str]) -> str:
        made = self._made.get(match[1] or match[2])
        return match[0] if made is None else made.figure(folder, folder + module()[0])

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        if self._content:
            folder = Path(config.site_dir, self.config.folder)
            put(folder, self._content)
            complete(folder)


def _whole(page: Page, markdown: str) -> Source:
    """The page's file, with the metadata that precedes the Markdown, so that lines count as in an editor."""
    path = page.file.abs_src_path
    text = Path(path).read_text(encoding="utf-8-sig", errors="replace") if path else ""
    return Source(f"{page.file.src_uri}", text if text.endswith(markdown) else markdown)

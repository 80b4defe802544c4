"""The options of live models, for blocks, directives, the command line and the element, and a bundle's fields."""

from __future__ import annotations

from ..docs.blocks import OWN
from ..export.bundle import FIELDS, VERSION
from ..export.view import OPTIONS
from . import markdown

INTRODUCTION = """\
The same names everywhere: in the first line of a fenced block (`height=420`), as options of the directive
(`:height: 420`), on the command line (`--height 420`), in a shortcode, and as attributes of the element. Names of
variables may be written as anywhere in Penstock: case does not count, nor does an underscore for a space. Separators
within `[…]` or quotes belong to a name."""

ONLY_BLOCKS = """\
Blocks, directives and shortcodes also take these. A directive has the file as its argument, and Sphinx's `:name:` in
place of `id`."""

BUNDLE = f"""\
What `src` points to: a JSON file beside the blob, of [this schema](../schemas/bundle.json), version {VERSION}. A reader
refuses it when a field is missing, when `abi` is not its own, or when the blob's digest is another."""


def page() -> str:
    options = [
        (markdown.code(row.name), markdown.plain(row.metavar.lower() or "—"), markdown.plain(row.help))
        for row in OPTIONS.values()
    ]
    own = [(markdown.code(name), markdown.plain(meaning)) for name, meaning in OWN.items()]
    fields = [
        (markdown.code(name), markdown.plain(type_), markdown.plain(meaning))
        for name, (type_, meaning) in FIELDS.items()
    ]
    return markdown.page(
        "Options of live models",
        INTRODUCTION,
        markdown.table(("Option", "Value", "Meaning"), options),
        ONLY_BLOCKS,
        markdown.table(("Option", "Meaning"), own),
        "## The bundle",
        BUNDLE,
        markdown.table(("Field", "Type", "Meaning"), fields),
    )

"""`penstock docs`: models in pages of any generator that has no plugin of its own."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from ..docs.blocks import Block, Made, make
from ..docs.render import PAGES, render
from ..errors import error
from ..export.folder import complete, module, put
from ..place import Source
from .common import unwritable

_QUARTO = Path(__file__).resolve().parents[1] / "docs" / "quarto" / "_extensions"


def declare(parser: argparse.ArgumentParser) -> None:
    verbs = "; ".join(f"{name}: {help}" for name, (help, _) in _VERBS.items())
    parser.add_argument("verb", choices=_VERBS, metavar="VERB", help=verbs)
    parser.add_argument(
        "path", metavar="PATH", help="a folder of Markdown, a model file, a project; - for standard input"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="where pages, or a figure's files, go")
    parser.add_argument(
        "--assets", default="penstock", metavar="DIR", help="folder below --out for figures' files"
    )
    parser.add_argument(
        "--url", metavar="ADDRESS", help="of that folder, as pages should write it; else relative ones"
    )
    parser.add_argument(
        "--to", choices=_FORMS, default="html", help="what a figure is; addresses but for html"
    )
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an option of a figure, as in a block",
    )


def execute(arguments: argparse.Namespace) -> int:
    return _VERBS[arguments.verb][1](arguments)


def _render(arguments: argparse.Namespace) -> int:
    pages = render(Path(arguments.path), _out(arguments), arguments.assets, arguments.url)
    print(f"{len(pages)} pages with models", file=sys.stderr)
    return 0


def _figure(arguments: argparse.Namespace) -> int:
    options = dict(option.partition("=")[::2] for option in arguments.option)
    out = _out(arguments)
    address = f"{out.as_posix() if arguments.url is None else arguments.url}".rstrip("/") + "/"
    if arguments.path == "-":
        text = sys.stdin.read()
        block = Block(Source("<stdin>", text), 1, 1, text, options)
    else:
        block = Block(Source(arguments.path, ""), 1, 1, "", {**options, "file": arguments.path})
    print(_FORMS[arguments.to](make(block, Path()), out, address))
    return 0


def _html(made: Made, out: Path, address: str) -> str:
    put(out, made.bundle.files)
    complete(out)
    return made.figure(address, address + module()[0])


def _svg(made: Made, out: Path, address: str) -> str:
    name = made.bundle.poster
    put(out, {name: made.bundle.files[name]})
    return address + name


def _pdf(made: Made, out: Path, address: str) -> str:
    name, printed = made.pdf()
    if printed.lost:
        print(f"{name} is without the letters {printed.lost}", file=sys.stderr)
    put(out, {name: printed.content})
    return address + name


def _quarto(arguments: argparse.Namespace) -> int:
    """Copies the extension into a project."""
    target = Path(arguments.path) / "_extensions"
    try:
        shutil.copytree(_QUARTO, target, dirs_exist_ok=True)
    except OSError as problem:
        raise unwritable(target, problem) from None
    return 0


def _out(arguments: argparse.Namespace) -> Path:
    if arguments.out is None:
        raise error("PEN514", what="docs", value="without --out", advice="Say --out DIR.")
    return Path(arguments.out)


_FORMS: Mapping[str, Callable[[Made, Path, str], str]] = {"html": _html, "svg": _svg, "pdf": _pdf}
_VERBS: Mapping[str, tuple[str, Callable[[argparse.Namespace], int]]] = {
    "render": (f"pages ({' '.join(PAGES)}) with live models in place of their blocks", _render),
    "figure": ("the figure of one model", _figure),
    "quarto": ("put the Quarto extension into a project", _quarto),
}

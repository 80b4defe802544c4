"""`penstock export`: a page that holds its model, files and a snippet for somebody's page, or a picture."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..compiler import Compiled
from ..errors import error
from ..export.bundle import bundle, file_stem
from ..export.folder import complete, module, put
from ..export.markup import figure, page
from ..export.poster import poster
from ..export.view import OPTIONS, View, read_view
from .common import compiled, declare_method, declare_model, declare_partial, unwritable, warn

_PAGES = (".html", ".htm")


def declare(parser: argparse.ArgumentParser) -> None:
    declare_model(parser)
    declare_method(parser)
    declare_partial(parser)
    parser.add_argument(
        "--out",
        metavar="X.html|DIR",
        help="a page that works from a mail's attachment; or a folder for a blob, its JSON, a poster and the element",
    )
    parser.add_argument(
        "--poster", type=Path, metavar="X.svg", help="a picture of diagram and run, for print"
    )
    for option in OPTIONS.values():
        if option.metavar:
            parser.add_argument(f"--{option.name}", metavar=option.metavar, help=option.help)
        else:
            parser.add_argument(f"--{option.name}", action="store_const", const="", help=option.help)


def execute(arguments: argparse.Namespace) -> int:
    if arguments.out is None and arguments.poster is None:
        advice = "Say --out X.html, --out DIR/ or --poster X.svg."
        raise error("PEN514", what="export", value="without --out and --poster", advice=advice)
    model = compiled(arguments, partial=arguments.partial)
    warn(model)
    written = {name: getattr(arguments, name) for name in OPTIONS}
    view = read_view(model, {name: text for name, text in written.items() if text is not None})
    if arguments.poster is not None:
        asked = view.get("theme", "auto")
        picture = poster(model, view, caption=view.get("caption", ""))
        _write(arguments.poster, picture.svg("print" if asked == "auto" else asked).encode())
    if arguments.out is not None:
        _export(model, view, arguments.model.stem, Path(arguments.out), arguments.out.endswith(("/", "\\")))
    return 0


def _export(model: Compiled, view: View, name: str, out: Path, folder: bool) -> None:
    if out.suffix.lower() in _PAGES and not folder:
        _write(out, page(model, bundle(model, view, name)).encode())
    elif out.suffix and not folder and not out.is_dir():
        raise error("PEN514", what="--out", value=out, advice="Say a page, X.html, or a folder, DIR/.")
    else:
        made = bundle(model, view, name)
        snippet = figure(made, "", module()[0]).replace("><", ">\n<") + "\n"
        put(out, made.files)
        complete(out)
        _write(out / f"{file_stem(name)}.snippet.html", snippet.encode())
        print(snippet, end="")


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as problem:
        raise unwritable(path, problem) from None

"""HTML around a model: the element with its poster, and a page that holds all it needs.

Everything that comes from a model is escaped here: text by `html.escape`, JSON by the bundle.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape

from ..compiler import Compiled
from ..layout.text import shown
from .bundle import Bundle
from .embed import CLASSIC, embed_file
from .view import attributes


def element(made: Bundle, source: str, image: str) -> str:
    """The element; `image` is the markup of its poster. On one line: a blank line ends HTML in Markdown."""
    said = {"src": source, **attributes(made.view)}
    written = "".join(f' {name}="{_one_line(text)}"' for name, text in said.items())
    if isinstance(height := made.view.get("height"), int | float):
        written += f' style="--ps-height:{height:g}px"'
    return f"<penstock-model{written}>{image}</penstock-model>"


def image(made: Bundle, source: str) -> str:
    """The poster as an image file; width and height keep its place free."""
    size = f'width="{made.picture.width:.0f}" height="{made.picture.height:.0f}"'
    said = f'src="{_one_line(source)}" alt="{_one_line(made.picture.alt)}"'
    return f'<img {said} {size} style="max-width:100%;height:auto" loading="lazy">'


CODE_PLACES = ("", "above", "below", "folded")
"""Where a figure shows the model's text; nowhere unless told."""


_FIGURE = "display:block;width:auto;max-width:100%;margin:1.5em 0"
"""As wide as the text, whatever themes do with figures."""


_LONE = "[view=chart],[view=diagram],[view=table]"
PLACE = (
    "@media (scripting){penstock-model:not(:defined){display:block;overflow:hidden;height:var(--ps-height,420px)}"
    f"penstock-model:is({_LONE}):not(:defined){{height:var(--ps-height,340px)}}}}"
    f"@media (scripting) and (max-width:592px){{penstock-model:not({_LONE},:defined)"
    "{height:max(640px,var(--ps-height,0px))}}"
)
"""Keeps the place that the element will take, until its script has come, so that the page below never moves."""


def figure(made: Bundle, folder: str, script: str, identity: str = "", code: str = "", text: str = "") -> str:
    """A figure for a page, on one line; `folder` and `script` are addresses from where it stands.

    `code` says where the model's `text` is, see `CODE_PLACES`.
    """
    inner = element(made, folder + made.name, image(made, folder + made.poster))
    caption = made.view.get("caption", "")
    said = f"<figcaption>{_one_line(caption)}</figcaption>" if caption else ""
    named = f' id="{_one_line(identity)}"' if identity else ""
    shown = (
        f'<figure class="penstock-figure"{named} style="{_FIGURE}">'
        f"<style>{PLACE}</style>{inner}{said}</figure>"
        f'<script type="module" src="{_one_line(script)}"></script>'
    )
    if not code:
        return shown
    listing = f"<pre><code>{escape(text.strip()).replace(chr(10), '&#10;')}</code></pre>"
    if code == "folded":
        listing = f"<details><summary>The model</summary>{listing}</details>"
    return listing + shown if code == "above" else shown + listing


def _one_line(text: str) -> str:
    return escape(" ".join(text.split()))


_STYLE = """
:root{color-scheme:light dark;--page:#fff;--text:#1b1f24;--quiet:#5b6570;--panel:#f6f8fa;--line:#d8dde3}
@media (prefers-color-scheme:dark){:root{--page:#12161b;--text:#e6eaee;--quiet:#9aa6b2;--panel:#1a2027;--line:#2d3640}}
:root[data-theme=light]{color-scheme:light;--page:#fff;--text:#1b1f24;--quiet:#5b6570;--panel:#f6f8fa;--line:#d8dde3}
:root[data-theme=dark]{color-scheme:dark;--page:#12161b;--text:#e6eaee;--quiet:#9aa6b2;--panel:#1a2027;--line:#2d3640}
body{margin:0;background:var(--page);color:var(--text);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:960px;margin:0 auto;padding:24px 16px 48px}
h1{font-size:28px;line-height:36px;margin:0 0 8px}
p{margin:0 0 16px;max-width:70ch;white-space:pre-line}
figure{margin:0 0 24px}
figure svg{max-width:100%;height:auto}
figcaption,summary,footer{color:var(--quiet);font-size:14px}
figcaption{margin-top:8px}
pre{overflow:auto;padding:12px;background:var(--panel);border:1px solid var(--line);border-radius:6px;
font:13px/20px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap}
@media print{details,footer{display:none}}
"""


def page(compiled: Compiled, made: Bundle) -> str:
    """A whole page in one file that asks nothing of any server. Raises PEN519.

    Its policy lets no script run but the one that is in it.
    """
    script = re.sub(r"<(?=/script|!--|script)", r"\\x3c", embed_file(CLASSIC).decode(), flags=re.IGNORECASE)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}' 'wasm-unsafe-eval' blob:; worker-src blob:; "
        "style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    name = shown(compiled.model.name) if compiled.model.name else "Model"
    theme = made.view.get("theme", "auto")
    caption, documentation = made.view.get("caption", ""), compiled.model.documentation
    return "\n".join(
        line
        for line in (
            "<!doctype html>",
            '<html lang="en">' if theme == "auto" else f'<html lang="en" data-theme="{theme}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy, quote=False)}">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f"<title>{escape(name)}</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body><main>",
            f"<h1>{escape(name)}</h1>",
            f"<p>{escape(documentation)}</p>" if documentation else "",
            f"<figure>{element(made, '#model', made.files[made.poster].decode())}",
            f"<figcaption>{escape(caption)}</figcaption></figure>" if caption else "</figure>",
            f"<details><summary>The model’s text</summary><pre>{escape(compiled.source.text)}</pre></details>",
            "</main>",
            f'<script type="application/json" id="model">{made.inline()}</script>',
            f"<script>{script}</script>",
            "</body></html>",
            "",
        )
        if line
    )

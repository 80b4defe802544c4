"""What the static site needs of the sample models: for each a blob, its document and diagram, and an index of all.

`python -m penstock.site SAMPLES OUT` writes `NAME.wasm`, `NAME.json` and `NAME.diagram.json` for every model in
SAMPLES, and `index.json`: a list of ``{name, title, description}``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .compiler import compile_file
from .layout import diagram
from .read import FORMATS

ENDINGS = {ending for row in FORMATS for ending in row.endings}


def write_samples(samples: Path, out: Path) -> list[str]:
    """Returns the names written, in the order of the files' names. Raises `PenstockError`."""
    out.mkdir(parents=True, exist_ok=True)
    index = []
    for path in sorted(samples.iterdir()):
        if path.suffix not in ENDINGS:
            continue
        compiled = compile_file(path)
        (out / f"{path.stem}.wasm").write_bytes(compiled.blob)
        document = json.dumps(compiled.document, ensure_ascii=False)
        (out / f"{path.stem}.json").write_text(document, encoding="utf-8")
        picture = json.dumps(diagram(compiled.model).to_json(), ensure_ascii=False, separators=(",", ":"))
        (out / f"{path.stem}.diagram.json").write_text(picture, encoding="utf-8")
        index.append(
            {"name": path.stem, "title": compiled.model.name, "description": compiled.model.documentation}
        )
    (out / "index.json").write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")
    return [row["name"] for row in index]


if __name__ == "__main__":
    write_samples(Path(sys.argv[1]), Path(sys.argv[2]))

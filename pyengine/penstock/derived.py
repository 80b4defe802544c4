"""Files of the repository that are derived from the package's tables, one row each.

`python -m penstock.derived` prints them all as JSON, text by path from the top; `python build.py generate`
writes them, and `python build.py check` fails when one is stale.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from . import abi, protocol
from .export import schema as bundle
from .manual import PAGES, tools
from .manual.images import IMAGES
from .tools import schemas

FILES: Mapping[str, Callable[[], str]] = {
    "worker/protocol.ts": protocol.typescript,
    "worker/abi.ts": abi.typescript,
    "worker/tools.ts": schemas.typescript,
    "web/manual/tools.md": tools.page,
    f"web/manual/schemas/{bundle.FILE}": bundle.text,
    **{f"web/manual/schemas/{name}": text for name, text in schemas.FILES.items()},
    **{f"web/manual/images/{name}": image for name, image in IMAGES.items()},
    **{f"web/manual/reference/{name}": page for name, page in PAGES.items()},
}


def main() -> None:
    print(json.dumps({path: text() for path, text in FILES.items()}))


if __name__ == "__main__":
    main()

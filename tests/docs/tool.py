"""Runs a generator's command line with a stand-in for the element: `tool.py FOLDER mkdocs|sphinx|penstock …`."""

import sys
from pathlib import Path

from penstock.export import embed

if __name__ == "__main__":
    folder, name, *arguments = sys.argv[1:]
    if folder != "-":
        embed._PACKAGED = Path(folder)
    sys.argv = [name, *arguments]
    if name == "mkdocs":
        from mkdocs.__main__ import cli as main
    elif name == "sphinx":
        from sphinx.cmd.build import main
    else:
        from penstock.cli import main
    sys.exit(main(arguments))

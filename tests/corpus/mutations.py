"""Damages models and compiles them within limits of time and memory: `python mutations.py FOLDER FIRST LAST`.

Ends with status 0 if whatever is cut, doubled, swapped or put in, the answer is a model or a `PenstockError` with
a place, and of whatever is left of it the same; else the seed and what went wrong stand on standard error.
"""

import faulthandler
import random
import sys
from pathlib import Path

from penstock.compiler import compile_text
from penstock.errors import PenstockError
from penstock.place import NOWHERE
from penstock.read import decode

SECONDS = 10
BYTES = 1 << 30
ENDINGS = {".mdl", ".xmile", ".stmx", ".itmx"}
PLACELESS = {"PEN002", "PEN003", "PEN004", "PEN009", "PEN208", "PEN402"}
"""Errors of a whole file, and of what is missing from it: a setting such as FINAL TIME, or the method."""

_PIECES = [
    "(",
    ")",
    "[",
    "]",
    "~",
    "|",
    '"',
    "\\",
    ":MACRO:",
    "<eqn>",
    "</model>",
    "&#0;",
    "\0",
    "é",
    "1e999",
    "INTEG(",
]


def cut(text: str, draw: random.Random) -> str:
    at, size = draw.randrange(len(text)), draw.choice((1, 5, 50, 2000))
    return text[:at] + text[at + size :]


def double(text: str, draw: random.Random) -> str:
    at, size = draw.randrange(len(text)), draw.choice((1, 20, 300))
    return text[: at + size] + text[at:]


def swap(text: str, draw: random.Random) -> str:
    a, b = sorted(draw.randrange(len(text)) for _ in range(2))
    size = min(draw.choice((1, 10, 100)), b - a)
    return text[:a] + text[b : b + size] + text[a + size : b] + text[a : a + size] + text[b + size :]


def insert(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text))
    return text[:at] + draw.choice(_PIECES) * draw.choice((1, 1, 3, 400)) + text[at:]


MUTATIONS = (cut, double, swap, insert)


def limit_memory() -> None:
    """What needs more fails with a MemoryError, where the system can see to that."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


def damaged(files: list[Path], seed: int) -> tuple[Path, str]:
    """A file and its text with one to three mutations; the same for the same seed."""
    draw = random.Random(seed)
    path = draw.choice(files)
    text = decode(path.read_bytes(), path.name)
    for _ in range(draw.randint(1, 3)):
        text = draw.choice(MUTATIONS)(text or " ", draw)
    return path, text


def compile_whatever(text: str, name: str) -> None:
    """Raises only what no reader or pass may raise; ends the process when it takes too long."""
    for partial in (False, True):
        faulthandler.dump_traceback_later(SECONDS, exit=True)
        try:
            compile_text(text, name, partial=partial)
        except PenstockError as refusal:
            for item in refusal.diagnostics:
                assert item.message
                assert item.span is not NOWHERE or item.code in PLACELESS, str(item)
        finally:
            faulthandler.cancel_dump_traceback_later()


def main(folder: str, first: str, last: str) -> None:
    limit_memory()
    files = sorted(
        path for path in Path(folder).rglob("*") if path.suffix in ENDINGS and path.stat().st_size < 200_000
    )
    for seed in range(int(first), int(last)):
        path, text = damaged(files, seed)
        print(f"seed {seed}: {path.name}", flush=True)
        compile_whatever(text, path.name)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Damaged models: whatever is cut, doubled, swapped or put in, the answer is a model or a `PenstockError`."""

import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from penstock.compiler import compile_text
from penstock.errors import PenstockError
from penstock.place import NOWHERE
from penstock.read import decode

SECONDS = 10
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


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    def too_long(*_: object) -> None:
        raise TimeoutError(f"not done after {seconds} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def compile_whatever(text: str, name: str) -> None:
    """Raises only what no reader or pass may raise."""
    try:
        with limited(SECONDS):
            compile_text(text, name)
    except PenstockError as refusal:
        for item in refusal.diagnostics:
            assert item.message
            assert item.span is not NOWHERE or item.code in PLACELESS, str(item)


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs alarms to notice what hangs")
def test_a_damaged_public_model_is_a_model_or_a_refusal_with_a_place(
    corpus: Path, scale: Callable[[int, int], int]
) -> None:
    files = sorted(
        path for path in corpus.rglob("*") if path.suffix in ENDINGS and path.stat().st_size < 200_000
    )
    for seed in range(scale(150, 10_000)):
        draw = random.Random(seed)
        path = draw.choice(files)
        text = decode(path.read_bytes(), path.name)
        for _ in range(draw.randint(1, 3)):
            text = draw.choice(MUTATIONS)(text or " ", draw)
        try:
            compile_whatever(text, path.name)
        except Exception as fault:
            fault.add_note(f"seed {seed}: {path.name} with mutations")
            raise

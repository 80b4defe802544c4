"""What the memory snapshot of the page's Python holds: every module that the worker may need, all of it used once.

`worker/snapshot.mjs` calls `prepare` in the Pyodide whose memory it takes, `worker/boot.ts` calls `awake` in each
that starts from it. Files are not in a snapshot, nor may any object of JavaScript be alive when it is taken.
"""

from __future__ import annotations

import gc
import importlib
import json
import pkgutil
import random
from array import array
from collections.abc import Iterator, Mapping
from typing import Any

from ..protocol import VERSION
from ..write import WRITERS
from .browser import Desk

PACKAGE = __name__.partition(".")[0]
ELSEWHERE = frozenset(
    {
        "__main__",
        "batch",
        "bench",
        "chart",
        "cli",
        "derived",
        "docs",
        "ensemble",
        "export",
        "manual",
        "notebook",
        "resolver",
        "scenario",
        "site",
    }
)
"""Parts of the package that a worker has no use for; where one is imported all the same, it comes from the wheel."""


def prepare(models: Mapping[str, str]) -> list[str]:
    """Import the package and take models, texts by file name, through what a worker does.

    So what is made at first use is there, and the interpreter has specialised the code that is hot. Returns the
    modules that a page cannot have, each with its reason; raises where one of ours is broken or a model is refused.
    """
    absent = list(_import(PACKAGE))
    for name, text in models.items():
        rehearse(name, text)
    gc.collect()
    return absent


def awake() -> None:
    """Draw anew what must differ from page to page. The seed of hashes cannot be: nothing of ours depends on it."""
    random.seed()


def _import(name: str) -> Iterator[str]:
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] == PACKAGE:
            raise
        yield f"{name}: {missing}"
        return
    for item in pkgutil.iter_modules(getattr(module, "__path__", ())):
        if not (name == PACKAGE and item.name in ELSEWHERE):
            yield from _import(f"{name}.{item.name}")


def rehearse(name: str, text: str) -> None:
    """Compile a model, run it, write it in every format and compile what was written; answers are dropped."""
    desk = _Rehearsal()
    model = desk.answer("compile", name=name, text=text)["model"]
    desk.answer("run", model=model, engine="vm")
    desk.answer("ask", call="engineHash", arguments={})
    for row in WRITERS:
        asked = {"model": model, "format": row.key}
        written = desk.answer("ask", call="convert", arguments=asked)["result"]
        desk.answer("compile", name=name, text=written["text"], format=row.key)


class _Rehearsal:
    """A desk without a page: each request is answered before the next."""

    def __init__(self) -> None:
        self._answers: list[dict[str, Any]] = []
        self._desk = Desk(self._post)
        self._id = 0

    def answer(self, type: str, **fields: Any) -> dict[str, Any]:
        self._id += 1
        self._desk.receive(json.dumps({"type": type, "version": VERSION, "id": self._id, **fields}))
        while self._desk.step():
            pass
        answer = self._answers.pop()
        assert answer["type"] != "error", answer
        return answer

    def _post(self, text: str, payload: bytes | array | None) -> None:  # type: ignore[type-arg]
        self._answers.append(json.loads(text))

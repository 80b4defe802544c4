"""The resolver: memory, then a store on disk, then a backend; one question at a time for each key.

Keys are ``data-v1:<dataset version>:<kind>:<id>``. A store of another dataset version is cleared whole.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import tempfile
from collections import Counter, OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ..errors import error
from .methods import METHODS, asked, read, to_text

LAYOUT = "data-v1"
ENTRIES = 50_000


@dataclass(frozen=True, slots=True)
class Event:
    """Where an answer came from."""

    kind: str
    id: str | None
    source: Literal["memory", "store", "network"]


class Resolver:
    """Asks a backend through two layers of what is known already. `version` is that of the dataset.

    Without a `store` folder nothing outlives the object. `listener` is told of every answer; `counters` count them by
    source. For one event loop at a time.
    """

    def __init__(
        self,
        backend: object,
        *,
        version: str = "1",
        store: Path | None = None,
        entries: int = ENTRIES,
        listener: Callable[[Event], None] | None = None,
    ) -> None:
        if entries < 1:
            raise error("PEN514", what="the number of entries", value=entries, advice="Give one from 1 on.")
        self.backend, self.version, self.entries = backend, version, entries
        self.store = None if store is None else Store(store, version)
        self.listener = listener
        self.counters: Counter[str] = Counter()
        self._memory: OrderedDict[str, Any] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[Any]] = {}

    async def getSeries(self, id_: str) -> Any:  # noqa: N802  (the interface's names)
        return await self.ask("getSeries", id_)

    async def getTable(self, id_: str) -> Any:  # noqa: N802
        return await self.ask("getTable", id_)

    async def getUnits(self) -> Any:  # noqa: N802
        return await self.ask("getUnits")

    async def getConstants(self) -> Any:  # noqa: N802
        return await self.ask("getConstants")

    async def getScript(self, id_: str) -> Any:  # noqa: N802
        return await self.ask("getScript", id_)

    async def ask(self, method: str, id_: str | None = None) -> Any:
        """The answer, from the nearest layer that has it. Raises `ResolverError`."""
        key = f"{LAYOUT}:{self.version}:{METHODS[method].kind}:{id_ or ''}"
        if key in self._memory:
            self._memory.move_to_end(key)
            return self._told(method, id_, "memory", self._memory[key])
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._fetched(key, method, id_))
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
            return await asyncio.shield(task)
        return self._told(method, id_, "memory", await asyncio.shield(task))

    async def _fetched(self, key: str, method: str, id_: str | None) -> Any:
        source: Literal["store", "network"] = "store"
        value = None if self.store is None else self.store.get(key, method)
        if value is None:
            source = "network"
            value = await asked(self.backend, method, id_)
            if self.store is not None:
                self.store.put(key, method, value)
        self._memory[key] = value
        while len(self._memory) > self.entries:
            self._memory.popitem(last=False)
        return self._told(method, id_, source, value)

    def _told(
        self, method: str, id_: str | None, source: Literal["memory", "store", "network"], value: Any
    ) -> Any:
        self.counters[source] += 1
        if self.listener is not None:
            self.listener(Event(METHODS[method].kind, id_, source))
        return value

    def forget(self) -> None:
        """Drop all that is known, on disk too."""
        self._memory.clear()
        if self.store is not None:
            self.store.clear()


class Store:
    """Answers in a folder, a file each, named by the hash of their key; what is damaged is as if it were not there."""

    def __init__(self, folder: Path, version: str) -> None:
        self.folder, self.version = folder / LAYOUT, version
        mark = self.folder / "version"
        held = None
        with suppress(OSError, UnicodeDecodeError):
            held = mark.read_text(encoding="utf-8")
        if held != version:
            self.clear()

    def clear(self) -> None:
        """Only what it made: the folder may be of any name."""
        try:
            if self.folder.is_dir():
                shutil.rmtree(self.folder)
            self.folder.mkdir(parents=True)
            (self.folder / "version").write_text(self.version, encoding="utf-8")
        except OSError as problem:
            raise error("PEN015", name=self.folder, reason=problem.strerror or problem) from None

    def _place(self, key: str) -> Path:
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"

    def get(self, key: str, method: str) -> Any:
        """The answer, or None."""
        try:
            held = json.loads(self._place(key).read_text(encoding="utf-8"))
            text = held["answer"]
            if held["key"] != key or held["sha256"] != hashlib.sha256(text.encode()).hexdigest():
                return None
            return read(METHODS[method], json.loads(text), None)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def put(self, key: str, method: str, value: Any) -> None:
        """Whole or not at all; a full disk costs speed and nothing else."""
        text = to_text(METHODS[method], value)
        held = {"key": key, "sha256": hashlib.sha256(text.encode()).hexdigest(), "answer": text}
        with suppress(OSError):
            with tempfile.NamedTemporaryFile("w", dir=self.folder, delete=False, encoding="utf-8") as file:
                json.dump(held, file)
            Path(file.name).replace(self._place(key))

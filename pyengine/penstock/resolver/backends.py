"""Backends: a folder of files, and an address. Both hold the same: JSON by kind and id, and texts.

``series/<id>.json`` is ``{"t": […], "v": […]}``, ``tables/<id>.json`` ``{"shape": […], "data": […], "names": […]}``,
``units.json`` and ``constants.json`` are maps, ``scripts/<id>`` is a text. A folder's series may also stand in data
files (.csv, .tab, .dat) beside them, by the names of variables. What cannot stand in a file's name is written as %XX.
"""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from ..errors import PenstockError, error
from ..read.data import read_run_data, run_file
from ..results import key
from .methods import NotFound

LIMIT = 50_000_000
"""Bytes that an answer may have."""


def file_name(id_: str) -> str:
    """An id as the name of one file: nothing in it leads to another folder."""
    return urllib.parse.quote(id_, safe=" ()-_,").replace(".", "%2E")


class Folder:
    """Data in a folder."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._series: dict[str, Any] | None = None

    async def getSeries(self, id_: str) -> Any:  # noqa: N802  (the interface's names)
        try:
            return json.loads(await self._text("series", f"{file_name(id_)}.json"))
        except NotFound:
            found = (await asyncio.to_thread(self._in_tables)).get(key(id_))
            if found is None:
                raise
            return {"t": found[0], "v": found[1]}

    async def getTable(self, id_: str) -> Any:  # noqa: N802
        return json.loads(await self._text("tables", f"{file_name(id_)}.json"))

    async def getUnits(self) -> Any:  # noqa: N802
        return await self._map("units.json")

    async def getConstants(self) -> Any:  # noqa: N802
        return await self._map("constants.json")

    async def getScript(self, id_: str) -> Any:  # noqa: N802
        return await self._text("scripts", file_name(id_).replace("%2E", "."))

    async def _map(self, name: str) -> Any:
        try:
            return json.loads(await self._text(name))
        except NotFound:
            return {}

    async def _text(self, *parts: str) -> str:
        return await asyncio.to_thread(self._read, self.folder.joinpath(*parts))

    def _read(self, path: Path) -> str:
        try:
            if not path.resolve().is_relative_to(self.folder.resolve()):
                raise NotFound(path.name)
            if path.stat().st_size > LIMIT:
                raise ValueError(f"{path.name} has more than {LIMIT} bytes")
            return path.read_text(encoding="utf-8")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise NotFound(path.name) from None

    def _in_tables(self) -> dict[str, Any]:
        """Series of the folder's data files, by the key of their names."""
        if self._series is None:
            endings = (".csv", ".dat", ".tab", ".tsv")
            places = sorted(p for p in self.folder.iterdir() if p.suffix.lower() in endings)
            read = read_run_data({place.name: run_file(place) for place in places})
            self._series = {
                key(f"{ident}[{','.join(subscripts)}]" if subscripts else str(ident)): series
                for (ident, subscripts), series in read.series.items()
            }
        return self._series


class Http:
    """Data at an address. It is off unless `allowed`: a model must not be able to make a machine call others."""

    def __init__(self, address: str, *, allowed: bool = False, patience: float = 30.0) -> None:
        if not allowed:
            raise _refused("fetching data from the network is off", "Pass allowed=True if you mean it.")
        if not address.startswith(("https://", "http://")):
            raise _refused(f"{address[:60]} is no address", "Give one that begins with https://.")
        self.address, self.patience = address.rstrip("/"), patience

    async def getSeries(self, id_: str) -> Any:  # noqa: N802
        return json.loads(await self._text("series", f"{file_name(id_)}.json"))

    async def getTable(self, id_: str) -> Any:  # noqa: N802
        return json.loads(await self._text("tables", f"{file_name(id_)}.json"))

    async def getUnits(self) -> Any:  # noqa: N802
        return json.loads(await self._text("units.json"))

    async def getConstants(self) -> Any:  # noqa: N802
        return json.loads(await self._text("constants.json"))

    async def getScript(self, id_: str) -> Any:  # noqa: N802
        return await self._text("scripts", file_name(id_).replace("%2E", "."))

    async def _text(self, *parts: str) -> str:
        path = "/".join(urllib.parse.quote(part) for part in parts)
        return await asyncio.to_thread(self._fetched, f"{self.address}/{path}")

    def _fetched(self, address: str) -> str:
        try:
            with urllib.request.urlopen(address, timeout=self.patience) as reply:
                content: bytes = reply.read(LIMIT + 1)
        except urllib.error.HTTPError as problem:
            problem.close()
            if problem.code in (404, 410):
                raise NotFound(address) from None
            raise
        if len(content) > LIMIT:
            raise ValueError(f"it has more than {LIMIT} bytes")
        return content.decode("utf-8")


def _refused(reason: str, advice: str) -> PenstockError:
    return error("PEN536", name="from the network", reason=reason, advice=advice)

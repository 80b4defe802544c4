"""Data of one run in front of those that all share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .methods import METHODS, Series, Table, asked


@dataclass(frozen=True)
class Overlay:
    """A backend that answers by itself what it was given, and forwards all else to the one behind it."""

    behind: object
    series: Mapping[str, Series] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    constants: Mapping[str, float] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    scripts: Mapping[str, str] = field(default_factory=dict)

    async def getSeries(self, id_: str) -> Any:  # noqa: N802  (the interface's names)
        return await self._one("getSeries", id_, self.series)

    async def getTable(self, id_: str) -> Any:  # noqa: N802
        return await self._one("getTable", id_, self.tables)

    async def getScript(self, id_: str) -> Any:  # noqa: N802
        return await self._one("getScript", id_, self.scripts)

    async def getUnits(self) -> Any:  # noqa: N802
        return {**await asked(self.behind, "getUnits"), **self.units}

    async def getConstants(self) -> Any:  # noqa: N802
        return {**await asked(self.behind, "getConstants"), **self.constants}

    async def _one(self, method: str, id_: str, own: Mapping[str, Any]) -> Any:
        return METHODS[method].read(own[id_]) if id_ in own else await asked(self.behind, method, id_)

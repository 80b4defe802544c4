"""What a blob may use, what can go wrong with it by kind, and what is reported of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from ..errors import PenstockError, error

MIB = 1 << 20
PAGE = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes and fuel that a blob may use; None where the model's own needs decide.

    A unit of fuel is about an instruction; the same run uses the same fuel everywhere. Without `fuel`, a run gets
    four times what its instructions come to, and never more than `most_fuel`. `seconds` stops a run by the clock,
    which makes its end depend on the machine. A stranger's module may take `compile_seconds` of a processor's time.
    """

    module_bytes: int = 10 * MIB
    input_bytes: int = 10 * MIB
    output_bytes: int = 10 * MIB
    memory_bytes: int | None = None
    fuel: int | None = None
    most_fuel: int = 20_000_000_000
    seconds: float | None = None
    compile_seconds: float = 10.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if value is None:
                continue
            whole = not name.endswith("seconds")
            if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
                raise _refused(name, value)
            if not 0 < value < (1 << 62):
                raise _refused(name, value)


def _refused(name: str, value: object) -> PenstockError:
    return error(
        "PEN514", what=f"the limit {name}", value=str(value)[:40], advice="Give a number above zero."
    )


FOREIGN_MEMORY = 64 * MIB
"""What a blob that is not ours may use where nothing else is said."""

KINDS: Mapping[str, str] = {
    "InvalidModule": "PEN521",
    "ForbiddenFeature": "PEN522",
    "ForbiddenImport": "PEN523",
    "MissingExport": "PEN524",
    "TooLarge": "PEN525",
    "FuelExhausted": "PEN526",
    "WallTimeout": "PEN527",
    "MemoryLimit": "PEN528",
    "Trap": "PEN529",
    "BadOutput": "PEN530",
}
"""The kinds of errors that a host raises, and their codes."""


def refuse(kind: str, **fields: Any) -> PenstockError:
    """The error of a kind, ready to raise."""
    return error(KINDS[kind], **fields)


def kind_of(problem: PenstockError) -> str | None:
    """The kind of a host's error; None for all other errors."""
    code = problem.diagnostics[0].code
    return next((kind for kind, known in KINDS.items() if known == code), None)


class Metadata(TypedDict):
    """What is reported of a run; every key is always there. Nothing in it but `wall_ms` differs from run to run."""

    model: str  # content hash
    name: str
    module: str  # SHA-256 of the blob; empty where the VM ran
    module_bytes: int
    engine: str
    fallback_from: str | None
    versions: dict[str, str]
    flags: dict[str, bool]  # as given to wasmtime
    fuel_given: int | None
    fuel_used: int | None
    clamped: list[str]  # what would have been more but for a limit
    pages_peak: int | None  # of 64 KiB
    memory_bytes: int | None  # the cap
    steps: int
    wall_ms: float
    input_bytes: int
    output_bytes: int

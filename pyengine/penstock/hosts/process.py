"""Any blob with the plain C interface, driven without a word of Penstock: bytes in, bytes out, within limits.

The interface: `allocate` yields memory for the input, `process` takes it and yields the output's address, its length
(u32, little endian) in a place that it was given for that; `deallocate` takes each of the three back.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from time import monotonic
from typing import Any

from .. import __version__
from ..abi import ABI
from ..errors import error
from .limits import Limits, refuse

EXPORTS: Mapping[str, str] = {
    "memory": "memory",
    "allocate": "(i32) -> i32",
    "deallocate": "(i32, i32) -> nothing",
    "process": "(i32, i32, i32) -> i32",
}


def process(blob: bytes, data: bytes, limits: Limits | None = None) -> tuple[bytes, dict[str, Any]]:
    """What the blob makes of the input, and what it used. A new instance each time: nothing stays.

    Raises the host's errors by their kinds, PEN505 without wasmtime.
    """
    try:
        from . import flags
        from .wasmtime import Boxed
    except ImportError as problem:
        raise error(
            "PEN505", engine="wasm", reason=str(problem), advice="Install wasmtime: pip install wasmtime."
        ) from None
    limits, began = limits or Limits(), monotonic()
    if len(data) > limits.input_bytes:
        raise refuse("TooLarge", what="the input", size=len(data), limit=limits.input_bytes)
    box = Boxed(blob, limits, EXPORTS, apart=True)
    at, length_at = (_allocated(box, size) for size in (len(data), 4))
    box.write(at, data)
    box.write(length_at, bytes(4))
    result = box.call("process", at, len(data), length_at)
    if not result:
        raise refuse("BadOutput", reason="process returned null")
    length = int.from_bytes(box.read(length_at, 4), "little")
    if length > limits.output_bytes:
        raise refuse("TooLarge", what="the output", size=length, limit=limits.output_bytes)
    output = box.read(result, length)
    for pointer, size in ((at, len(data)), (length_at, 4), (result, length)):
        box.call("deallocate", pointer, size)
    return output, {
        "module": hashlib.sha256(blob).hexdigest(),
        "module_bytes": len(blob),
        "versions": {
            "penstock": __version__,
            "abi": str(ABI),
            "python": platform.python_version(),
            "wasmtime": flags.installed(),
        },
        "flags": flags.flags(flags.OFF),
        "fuel_given": box.fuel_given,
        "fuel_used": box.fuel_used,
        "pages_peak": box.pages,
        "memory_bytes": box.memory_bytes,
        "wall_ms": 1e3 * (monotonic() - began),
        "input_bytes": len(data),
        "output_bytes": length,
    }


def _allocated(box: Any, size: int) -> int:
    pointer = int(box.call("allocate", size))
    if not pointer:
        raise refuse("MemoryLimit", needed=size, limit=box.memory_bytes)
    return pointer

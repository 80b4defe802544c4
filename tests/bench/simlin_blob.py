"""Write Simlin's blob for a model, and where its variables stand: `python simlin_blob.py MODEL OUT.wasm OUT.json`.

Runs under any Python that has pysimlin 0.8.5, which need not be the project's own.
"""

import json
import struct
import sys
from pathlib import Path
from typing import Any

import simlin
from simlin._ffi import ffi, lib


def compiled(model: Any) -> tuple[bytes, bytes]:
    """The blob and its description, as the library hands them out."""
    blob, layout = ffi.new("uint8_t**"), ffi.new("uint8_t**")
    sizes = ffi.new("size_t*"), ffi.new("size_t*")
    error = ffi.new("SimlinError**")
    lib.simlin_model_compile_to_wasm(model._ptr, False, False, blob, sizes[0], layout, sizes[1], error)
    if error[0] != ffi.NULL:
        raise SystemExit(f"Simlin refuses: {ffi.string(lib.simlin_error_get_message(error[0])).decode()}")
    return tuple(  # type: ignore[return-value]
        bytes(ffi.buffer(start[0], size[0])) for start, size in zip((blob, layout), sizes, strict=True)
    )


def offsets(layout: bytes) -> dict[str, int]:
    """The slot of each variable by name. Three u64, a count, then for each a name and a u64, little-endian."""
    (count,) = struct.unpack_from("<I", layout, 24)
    at, found = 28, {}
    for _ in range(count):
        (length,) = struct.unpack_from("<I", layout, at)
        name = layout[at + 4 : at + 4 + length].decode()
        (found[name],) = struct.unpack_from("<Q", layout, at + 4 + length)
        at += 12 + length
    return found


if __name__ == "__main__":
    path, blob_path, layout_path = map(Path, sys.argv[1:])
    blob, layout = compiled(simlin.load(path))
    blob_path.write_bytes(blob)
    layout_path.write_text(json.dumps(offsets(layout)))

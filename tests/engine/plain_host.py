"""Runs a WebAssembly module that turns request bytes into result bytes; knows nothing of what is inside."""

import json
import struct
import sys
from pathlib import Path

import wasmtime


class Host:
    """One instance. `call` allocates, copies in, calls `process`, copies out, and gives everything back."""

    def __init__(self, module: bytes) -> None:
        engine = wasmtime.Engine()
        self.store = wasmtime.Store(engine)
        instance = wasmtime.Instance(self.store, wasmtime.Module(engine, module), [])
        self.exports = instance.exports(self.store)

    def call(self, request: bytes) -> bytes:
        memory, store = self.exports["memory"], self.store
        at, out = (self.exports["allocate"](store, size) for size in (len(request), 4))
        if not at or not out:
            raise MemoryError(len(request))
        memory.write(store, request, at)
        reply = self.exports["process"](store, at, len(request), out)
        length = int.from_bytes(memory.read(store, out, out + 4), "little")
        data = bytes(memory.read(store, reply, reply + length))
        for place, size in ((at, len(request)), (out, 4), (reply, length)):
            self.exports["deallocate"](store, place, size)
        return data


if __name__ == "__main__":  # FILE.wasm INPUT=VALUE…, inputs by number; prints the columns as JSON
    pairs = [argument.split("=") for argument in sys.argv[2:]]
    entries = (struct.pack("<Id", int(number), float(value)) for number, value in pairs)
    answer = Host(Path(sys.argv[1]).read_bytes()).call(struct.pack("<I", len(pairs)) + b"".join(entries))
    status, columns, rows = struct.unpack_from("<3I", answer)
    values = struct.unpack_from(f"<{columns * rows}d", answer, 12)
    print(json.dumps({"status": status, "columns": [values[c * rows :][:rows] for c in range(columns)]}))

"""Throw broken and hostile blobs at the host, in a process of its own: `python hostile.py COUNT SEED`.

Prints a line for each blob: its number, how it was made, and the kind of error, or `ran`.
"""

import sys
from collections.abc import Callable
from random import Random

import wasmtime

from penstock.compiler import compile_text
from penstock.errors import PenstockError
from penstock.hosts.doctor import FEATURES, module_with
from penstock.hosts.limits import Limits, kind_of
from penstock.hosts.wasmtime import Boxed

LIMITS = Limits(fuel=3_000_000, memory_bytes=16 << 20)
MODEL = """\
time 0 to 20 by 0.5
stock level = 10
  in inflow
  out outflow
flow outflow = level / tau
flow inflow = smooth(curve(level), tau) + sin(time) + random_normal(0, 1)
const tau = 3
lookup curve = (0, 2) (10, 1) (20, 0.5)
"""

WRITTEN = (
    '(module (func (export "f") (loop (br 0))))',
    '(module (memory 1) (func (export "f") (loop (drop (memory.grow (i32.const 1))) (br 0))))',
    '(module (memory 1) (func (export "f") (drop (memory.grow (i32.const 65535)))'
    " (memory.fill (i32.const 0) (i32.const 1) (i32.const 2147483647))))",
    '(module (func (export "f") unreachable))',
    '(module (func $f (export "f") (call $f)))',
    '(module (func (export "f") (drop (i32.div_u (i32.const 1) (i32.const 0)))))',
    '(module (memory 1) (func (export "f") (drop (i64.load (i32.const -1)))))',
    '(module (func (export "f") (drop (i32.trunc_f64_s (f64.const nan)))))',
    '(module (table 1 funcref) (type $t (func)) (func (export "f") (call_indirect (type $t) (i32.const 0))))',
    '(module (table 1000000 funcref) (func (export "f")))',
    '(module (memory 65536) (func (export "f")))',
    '(module (memory 1) (data (i32.const 70000) "x") (func (export "f")))',
    '(module (import "env" "exit" (func $e)) (func (export "f") (call $e)))',
    '(module (import "wasi_snapshot_preview1" "proc_exit" (func (param i32))) (func (export "f")))',
    '(module (func $s (loop (br 0))) (start $s) (func (export "f")))',
    '(module (func (export "f") (param externref)))',
)


def makers() -> list[tuple[str, Callable[[Random], bytes]]]:
    own = compile_text(MODEL, "hostile.pen").blob
    written = [bytes(wasmtime.wat2wasm(text)) for text in WRITTEN]

    def mutated(random: Random) -> bytes:
        data = bytearray(random.choice([own, own, *written]))
        for _ in range(random.choice((1, 1, 2, 5, 40))):
            at = random.randrange(len(data))
            match random.randrange(4):
                case 0:
                    data[at] ^= 1 << random.randrange(8)
                case 1:
                    data[at] = random.choice((0, 1, 0x7F, 0x80, 0xFF, 0x0B, 0x40, 0xFC, 0xFD, 0xFE))
                case 2:
                    del data[at : at + random.randrange(1, 4)]
                case 3:
                    data[at:at] = random.randbytes(random.randrange(1, 4))
            data = data or bytearray(1)
        return bytes(data)

    def truncated(random: Random) -> bytes:
        data = random.choice([own, *written])
        return data[: random.randrange(len(data))]

    def spliced(random: Random) -> bytes:
        """Sections of one module behind those of another."""
        return random.choice(written) + random.choice([own, *written])[8:]

    return [
        ("mutated", mutated),
        ("mutated", mutated),
        ("mutated", mutated),
        ("truncated", truncated),
        ("spliced", spliced),
        ("noise", lambda random: b"\0asm\x01\0\0\0" + random.randbytes(random.randrange(200))),
        ("written", lambda random: random.choice(written)),
        ("feature", lambda random: module_with(random.choice(list(FEATURES)))),
    ]


def outcome(blob: bytes, random: Random) -> str:
    """Do to a blob what a careless host might: call all it exports."""
    try:
        box = Boxed(blob, LIMITS, {})
        for name, types in box.functions():
            values = [random.choice((0, 1, -1, 7)) for _ in types]
            box.call(name, *(float(x) if t[0] == "f" else x for t, x in zip(types, values, strict=True)))
        box.read(random.randrange(1 << 32), 64)
    except PenstockError as problem:
        return kind_of(problem) or str(problem)
    return "ran"


def main(count: int, seed: int) -> None:
    kinds = makers()
    for number in range(count):
        random = Random(f"{seed} {number}")
        name, make = kinds[number % len(kinds)]
        print(number, name, outcome(make(random), random), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

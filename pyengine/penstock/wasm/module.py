"""The blob: regions in memory, functions, globals and the description, put together as a module."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .. import __version__
from ..abi import ABI, EXPORTS, LAYOUT_SECTION, Export, Layout
from ..ir import Do, Function, Reserve, SetGlobal, nodes, statements
from ..ops import F64, Type, signed64
from ..program import POINTS, RING, Program
from ..rewrite.forward import forwarded
from ..rewrite.inlined import inlined
from . import binary as wasm
from .driver import ARENA, DEFAULTS, GLOBALS, HEAD, arena_doubles, functions, regions, set_point, unpack
from .emit import BYTES, Names, emit
from .packed import count, packed

FIRST_BYTE = 16  # the row does not start at address 0, so that no pointer to it is null
PAGE = 65536
PACKED = "packed"
"""The region of what `packed` yields."""


def layout(program: Program) -> Layout:
    """What the blob says about itself."""
    _, size = _addresses(program)
    return Layout(
        abi=ABI,
        compiler=__version__,
        model=program.model,
        name=program.name,
        method=program.method.name,
        varying=program.n_varying,
        columns=program.n_columns,
        inputs=list(program.inputs),
        variables=list(program.variables),
        dims={name: list(elements) for name, elements in program.dims.items()},
        bytes=size,
    )


def blob(program: Program) -> bytes:
    """The module's bytes, its description included."""
    return assembled(program, frame(program))


@dataclass(frozen=True, slots=True)
class Frame:
    """A module's functions with all that they name. `size` is where rings start."""

    names: Names
    size: int
    globals: Mapping[str, Type]
    signatures: list[bytes]
    kinds: list[bytes]
    codes: list[bytes]


def frame(program: Program, apart: Sequence[str] = ()) -> Frame:
    """The functions of a program, and those around it.

    Those in `apart` are called and made elsewhere: they have no parameters and no result, and come last.
    """
    addresses, size = _addresses(program)
    n_lookups = count(program.tables.get(POINTS, ()))
    everything = [
        *program.own,
        *program.functions.values(),
        *functions(program, addresses),
        *((unpack(addresses[PACKED], n_lookups), set_point(program, addresses[PACKED])) if n_lookups else ()),
        Function("start", (), (*((Do("unpack"),) if n_lookups else ()), Do("clear_values"))),
    ]
    elsewhere = {name: Function(name) for name in apart}
    by_name = {function.name: function for function in everything} | elsewhere
    by_name["go"] = forwarded(inlined(by_name["go"], by_name))
    # What stands elsewhere may call anything.
    reached = wanted(by_name, EXPORTS, (*program.functions, "reserve_ring") if apart else ())
    everything = [by_name[name] for name in by_name if name in reached and name not in elsewhere]
    variables = used(everything)
    everything += elsewhere.values()
    signatures = sorted({signature(function) for function in everything})
    names = Names(
        addresses,
        {function.name: index for index, function in enumerate(everything)},
        {name: index for index, name in enumerate(variables)},
    )
    return Frame(
        names,
        size,
        variables,
        signatures,
        [wasm.u32(signatures.index(signature(function))) for function in everything],
        [emit(function, names) for function in everything if function.name not in elsewhere],
    )


def assembled(program: Program, frame: Frame, codes: Iterable[bytes] = ()) -> bytes:
    """The module of a frame, with the code of the functions that it leaves out."""
    names, ring = frame.names, frame.names.regions[RING]
    values = {
        "n_slots": program.n_slots,
        "row_offset": FIRST_BYTE,
        "results_offset": ring + HEAD,
        "snapshot_size": program.state_bytes,
        "top": names.regions[ARENA],
        "identity": signed64(program.identity),
    }
    exports = [wasm.export(name, *exported(name, names)) for name in EXPORTS]
    description = json.dumps(layout(program), ensure_ascii=False, separators=(",", ":"))
    return wasm.module(
        [
            wasm.section(1, wasm.vec(frame.signatures)),
            wasm.section(3, wasm.vec(frame.kinds)),
            wasm.section(5, wasm.vec([wasm.memory_type(-(-frame.size // PAGE))])),
            wasm.section(6, wasm.vec([global_(name, kind, values) for name, kind in frame.globals.items()])),
            wasm.section(7, wasm.vec(exports)),
            wasm.section(8, wasm.u32(names.functions["start"])),
            wasm.section(10, wasm.vec([*frame.codes, *codes])),
            wasm.section(11, wasm.vec(data(program, names.regions))),
            wasm.custom(LAYOUT_SECTION, description.encode()),
        ]
    )


def _addresses(program: Program) -> tuple[dict[str, int], int]:
    """The byte address of every region, and where rings, and results behind them and their head, start."""
    sizes = regions(program) | {name: len(values) for name, values in program.tables.items()}
    points = sizes.setdefault(POINTS, 0)
    if points:
        sizes[PACKED] = -(-len(packed(program.tables[POINTS])) // 8) + 1  # numbers are read as words
    sizes[ARENA] = arena_doubles(program)
    addresses: dict[str, int] = {}
    at = FIRST_BYTE
    for name, size in sizes.items():
        addresses[name] = at
        at += 8 * size
    addresses |= {RING: at, BYTES: 0}
    return addresses, at


def wanted(
    by_name: Mapping[str, Function], exports: Mapping[str, Export], others: Iterable[str] = ()
) -> set[str]:
    """The exports and others, and all that they call."""
    wanted: set[str] = set()
    waiting = ["start", *others, *(name for name, row in exports.items() if "=>" in row.kind)]
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            function = by_name[name]
            inner = list(statements(function.body))
            waiting += [s.function for s in inner if isinstance(s, Do)]
            waiting += ["reserve_ring" for s in inner if isinstance(s, Reserve)]
            waiting += [str(node.imm) for node in nodes(function) if node.op == "call"]
    return wanted


def used(everything: list[Function], exports: Mapping[str, Export] = EXPORTS) -> dict[str, Type]:
    """The globals that are exported or used."""
    found = {str(node.imm) for function in everything for node in nodes(function) if node.op == "global"}
    found |= {
        s.name for function in everything for s in statements(function.body) if isinstance(s, SetGlobal)
    }
    return {name: type_ for name, type_ in GLOBALS.items() if name in found or name in exports}


def signature(function: Function) -> bytes:
    results = () if function.value is None else (function.value.type,)
    return wasm.functype((type_ for _, type_ in function.params), results)


def global_(
    name: str, type_: Type, values: Mapping[str, int], exports: Mapping[str, Export] = EXPORTS
) -> bytes:
    """Globals that a host reads again after each call are mutable; so are the blob's own."""
    mutable = name not in exports or exports[name].mutable
    return wasm.global_(type_, mutable, float(values.get(name, 0)) if type_ is F64 else values.get(name, 0))


def exported(name: str, names: Names, exports: Mapping[str, Export] = EXPORTS) -> tuple[int, int]:
    kind = exports[name].kind
    if kind == "memory":
        return 2, 0
    return (3, names.globals[name]) if kind == "i32" else (0, names.functions[name])


def data(program: Program, addresses: Mapping[str, int]) -> list[bytes]:
    words = {DEFAULTS: program.defaults, **program.tables}
    points = words.pop(POINTS, ())
    contents = {name: b"".join(map(_word, values)) for name, values in words.items()}
    if points:
        contents[PACKED] = packed(points)
    return [wasm.data(addresses[name], content) for name, content in contents.items() if content]


def _word(value: float | int) -> bytes:
    return struct.pack("<Q", value) if isinstance(value, int) else struct.pack("<d", value)

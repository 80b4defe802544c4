"""The blob: regions in memory, functions, globals and the description, put together as a module."""

from __future__ import annotations

import json
import struct

from .. import __version__
from ..abi import ABI, EXPORTS, LAYOUT_SECTION, Layout
from ..ir import Do, Function, Reserve, SetGlobal, nodes, statements
from ..library.lookups import placed
from ..ops import F64, Type
from ..program import POINTS, RING, Program
from ..rewrite.forward import forwarded
from ..rewrite.inlined import inlined
from . import binary as wasm
from .driver import DEFAULTS, GLOBALS, functions, regions, set_point, unpack
from .emit import BYTES, Names, emit
from .packed import packed

_FIRST_BYTE = 16  # the row does not start at address 0, so that no pointer to it is null
_PAGE = 65536
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
    addresses, size = _addresses(program)
    n_lookups = sum(1 for _ in placed(program.tables.get(POINTS, ())))
    everything = [
        *program.own,
        *program.functions.values(),
        *functions(program, addresses[RING]),
        *((unpack(addresses[PACKED], n_lookups), set_point(program, addresses[PACKED])) if n_lookups else ()),
        Function("start", (), (*((Do("unpack"),) if n_lookups else ()), Do("clear_values"))),
    ]
    by_name = {function.name: function for function in everything}
    by_name["go"] = forwarded(inlined(by_name["go"], by_name))
    wanted = _wanted(by_name)
    everything = [function for name, function in by_name.items() if name in wanted]
    variables = _used(everything)
    signatures = sorted({_signature(function) for function in everything})
    names = Names(
        addresses,
        {function.name: index for index, function in enumerate(everything)},
        {name: index for index, name in enumerate(variables)},
    )
    values = {"n_slots": program.n_slots, "row_offset": _FIRST_BYTE, "results_offset": addresses[RING]}
    exported = [wasm.export(name, *_exported(name, names)) for name in EXPORTS]
    description = json.dumps(layout(program), ensure_ascii=False, separators=(",", ":"))
    return wasm.module(
        [
            wasm.section(1, wasm.vec(signatures)),
            wasm.section(3, wasm.vec([wasm.u32(signatures.index(_signature(f))) for f in everything])),
            wasm.section(5, wasm.vec([wasm.memory_type(-(-size // _PAGE))])),
            wasm.section(6, wasm.vec([_global(name, type_, values) for name, type_ in variables.items()])),
            wasm.section(7, wasm.vec(exported)),
            wasm.section(8, wasm.u32(names.functions["start"])),
            wasm.section(10, wasm.vec([emit(function, names) for function in everything])),
            wasm.section(11, wasm.vec(_data(program, addresses))),
            wasm.custom(LAYOUT_SECTION, description.encode()),
        ]
    )


def _addresses(program: Program) -> tuple[dict[str, int], int]:
    """The byte address of every region, and where rings, and results behind them, start."""
    sizes = regions(program) | {name: len(values) for name, values in program.tables.items()}
    points = sizes.setdefault(POINTS, 0)
    if points:
        sizes[PACKED] = -(-len(packed(program.tables[POINTS])) // 8) + 1  # numbers are read as words
    addresses: dict[str, int] = {}
    at = _FIRST_BYTE
    for name, size in sizes.items():
        addresses[name] = at
        at += 8 * size
    addresses |= {RING: at, BYTES: 0}
    return addresses, at


def _wanted(by_name: dict[str, Function]) -> set[str]:
    """The exports and all that they call."""
    wanted: set[str] = set()
    waiting = ["start", *(name for name, row in EXPORTS.items() if "=>" in row.kind)]
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


def _used(everything: list[Function]) -> dict[str, Type]:
    """The globals that are exported or used."""
    used = {str(node.imm) for function in everything for node in nodes(function) if node.op == "global"}
    used |= {s.name for function in everything for s in statements(function.body) if isinstance(s, SetGlobal)}
    return {name: type_ for name, type_ in GLOBALS.items() if name in used or name in EXPORTS}


def _signature(function: Function) -> bytes:
    results = () if function.value is None else (function.value.type,)
    return wasm.functype((type_ for _, type_ in function.params), results)


def _global(name: str, type_: Type, values: dict[str, int]) -> bytes:
    """Globals that a host reads again after each call are mutable; so are the blob's own."""
    mutable = name not in EXPORTS or EXPORTS[name].mutable
    return wasm.global_(type_, mutable, float(values.get(name, 0)) if type_ is F64 else values.get(name, 0))


def _exported(name: str, names: Names) -> tuple[int, int]:
    kind = EXPORTS[name].kind
    if kind == "memory":
        return 2, 0
    return (3, names.globals[name]) if kind == "i32" else (0, names.functions[name])


def _data(program: Program, addresses: dict[str, int]) -> list[bytes]:
    words = {DEFAULTS: program.defaults, **program.tables}
    points = words.pop(POINTS, ())
    contents = {name: b"".join(map(_word, values)) for name, values in words.items()}
    if points:
        contents[PACKED] = packed(points)
    return [wasm.data(addresses[name], content) for name, content in contents.items() if content]


def _word(value: float | int) -> bytes:
    return struct.pack("<Q", value) if isinstance(value, int) else struct.pack("<d", value)

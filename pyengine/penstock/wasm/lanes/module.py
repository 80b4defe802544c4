"""The blob whose runs stand side by side: four lanes, each with values of its own."""

from __future__ import annotations

import json
from dataclasses import replace

from ...abi import LANE_EXPORTS, LAYOUT_SECTION, Layout
from ...errors import error
from ...ir import Do, Function
from ...program import POINTS, RING, RING_TOP, ROW, Program
from .. import binary as wasm
from ..driver import ARENA, regions, set_point, unpack
from ..driver.shorthand import has_kernels
from ..emit import BYTES
from ..emit import emit as emit_single
from ..module import FIRST_BYTE, PACKED, PAGE, data, exported, global_, layout, signature, used, wanted
from ..packed import count, packed
from . import driver
from .emit import emit
from .forms import LANES, Constants, LaneNames
from .hints import fill_hints, keeping, remembering, remembers
from .light import light
from .uniform import CLOCK, HINTS, LANED

CONSTANTS, MOST_CONSTANTS = "constants", 4096
"""The region of doubles that stand in the code."""

ARENA_BYTES = 4 << 20
"""Room for the requests of `sweep` and their replies."""


def refuse_unable(program: Program) -> None:
    """Raise PEN406 where the lanes of a program would not go in step."""
    if program.clock_varies:
        reason = "its time step, save step or stop time changes during the run"
    elif program.method.adaptive:
        reason = f"the method {program.method.name} takes steps of its own length in each run"
    else:
        return
    raise error("PEN406", reason=reason)


def lane_layout(program: Program) -> Layout:
    return layout(program) | {"lanes": LANES, "bytes": _addresses(program)[1]}


def lane_blob(program: Program) -> bytes:
    """The module's bytes. Raises PEN406."""
    refuse_unable(program)
    addresses, size = _addresses(program)
    arena = addresses[ARENA]
    n_lookups = count(program.tables.get(POINTS, ()))
    stepping = replace(program, initials=_on_whole_rows(program.initials), evaluate=light(program))
    single = [item for item in program.functions.values() if not remembers(item)]
    by_lane = [keeping(item) for item in program.functions.values() if remembers(item)]
    points = (
        [unpack(addresses[PACKED], n_lookups), set_point(program, addresses[PACKED])] if n_lookups else []
    )
    ours = [
        *(
            remembering(item, program)
            for item in (*stepping.own, replace(program.evaluate, name=driver.WHOLE))
        ),
        *driver.functions(program, addresses, arena, arena + ARENA_BYTES),
        *(replace(item, body=(*item.body, Do("fill_hints"))) for item in points),
        fill_hints(program),
        Function("start", (), (*((Do("unpack"),) if n_lookups else ()), Do("clear_values"))),
    ]
    by_name = {function.name: function for function in (*single, *by_lane, *ours)}
    reached = wanted(by_name, LANE_EXPORTS)
    single, by_lane, ours = (
        [item for item in some if item.name in reached] for some in (single, by_lane, ours)
    )
    versions = [(item, lane) for item in by_lane for lane in range(LANES)]
    everything = [*single, *(item for item, _ in versions), *ours]
    variables = used(everything, LANE_EXPORTS)
    signatures = sorted(set(map(signature, everything)))
    called = [item.name for item in single] + [f"{item.name} {lane}" for item, lane in versions]
    constants = Constants(addresses[CONSTANTS], MOST_CONSTANTS)
    names = LaneNames(
        addresses,
        {name: index for index, name in enumerate([*called, *(item.name for item in ours)])},
        {name: index for index, name in enumerate(variables)},
        constants,
        CLOCK if has_kernels(program) else CLOCK | {RING_TOP},
    )
    values = {
        "n_slots": program.n_slots,
        "n_lanes": LANES,
        "row_offset": addresses[ROW],
        "results_offset": addresses[RING],
        "top": arena,
    }
    codes = [
        *(emit_single(item, names) for item in single),
        *(emit(item, names, (lane,)) for item, lane in versions),
        *(emit(item, names) for item in ours),
    ]
    description = json.dumps(lane_layout(program), ensure_ascii=False, separators=(",", ":"))
    return wasm.module(
        [
            wasm.section(1, wasm.vec(signatures)),
            wasm.section(3, wasm.vec([wasm.u32(signatures.index(signature(item))) for item in everything])),
            wasm.section(5, wasm.vec([wasm.memory_type(-(-size // PAGE))])),
            wasm.section(
                6, wasm.vec([global_(name, type_, values, LANE_EXPORTS) for name, type_ in variables.items()])
            ),
            wasm.section(
                7,
                wasm.vec([wasm.export(name, *exported(name, names, LANE_EXPORTS)) for name in LANE_EXPORTS]),
            ),
            wasm.section(8, wasm.u32(names.functions["start"])),
            wasm.section(10, wasm.vec(codes)),
            wasm.section(
                11, wasm.vec([*data(program, addresses), wasm.data(constants.start, constants.content)])
            ),
            wasm.custom(LAYOUT_SECTION, description.encode()),
        ]
    )


def _on_whole_rows(initials: Function) -> Function:
    """What they share with `evaluate` is all that it writes."""
    whole = Do(driver.WHOLE)
    return replace(initials, body=tuple(whole if item == Do("evaluate") else item for item in initials.body))


def _addresses(program: Program) -> tuple[dict[str, int], int]:
    """The byte address of every region, and where rings start."""
    sizes: dict[str, int] = {**regions(program), **{name: len(rows) for name, rows in program.tables.items()}}
    sizes[HINTS] = program.n_points
    sizes = {name: size * (LANES if name in LANED else 1) for name, size in sizes.items()}
    if sizes.get(POINTS):
        sizes[PACKED] = -(-len(packed(program.tables[POINTS])) // 8) + 1
    sizes[CONSTANTS] = MOST_CONSTANTS
    sizes[ARENA] = ARENA_BYTES // 8
    addresses: dict[str, int] = {}
    at = FIRST_BYTE
    for name, size in sizes.items():
        addresses[name] = at
        at += 8 * size
    return addresses | {RING: at, BYTES: 0} | {
        alias: addresses[name] for name, alias in driver.SINGLE.items()
    }, at

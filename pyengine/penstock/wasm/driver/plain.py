"""The plain C interface: `allocate`, `deallocate`, and `process`, from a request's bytes to those of the results."""

from __future__ import annotations

from ...abi import MAX_RESULT_BYTES, PROCESS, RUN_ERROR
from ...ir import (
    Copy,
    Do,
    Function,
    If,
    Node,
    Set,
    Store,
    While,
    apply,
    binary,
    constant,
    equal,
    load,
    negate,
)
from ...ops import I32, I64
from ...program import Program
from ..emit import BYTES
from .shorthand import HEAD, Body, get, i32, int_, put

_HEADER = 12
_ENTRY = 12
assert _HEADER <= HEAD


def allocate(end: int, behind: Node | None = None) -> Function:
    """So many bytes of the arena, which ends at byte `end`, or else from the byte `behind` on, where that is free.

    The result is 0 where there are none.
    """
    size, at, top = int_("size"), int_("at"), get("top")
    elsewhere: Body = (Set("at", i32(0)),)
    if behind is not None:
        room = Node(
            "call", I32, (at + size + 8,), "grow"
        )  # the word that begins at the last byte can be read
        granted = binary("lt_u", size, MAX_RESULT_BYTES) & room
        elsewhere = (Set("at", behind), If(negate(granted), (Set("at", i32(0)),)))
    return Function(
        "allocate",
        (("size", I32),),
        (
            If(
                binary("lt_u", size, i32(end + 1) - top),
                (
                    Set("at", top),
                    put("top", top + (size + 7 & constant(-8, I32))),
                    put("live", get("live") + 1),
                ),
                elsewhere,
            ),
        ),
        at,
    )


def behind_rows(program: Program) -> Node:
    """The byte behind all rows that there is room for."""
    return get("results_offset") + (get("n_rows") * program.n_columns << 3)


def deallocate(start: int, end: int) -> Function:
    """The arena is free again when all that came from it has been given back."""
    inside = binary("lt_u", int_("at") - start, end + 1 - start)
    return Function(
        "deallocate",
        (("at", I32), ("size", I32)),
        (
            If(
                inside,
                (
                    put("live", get("live") - 1),
                    If(get("live") < 1, (put("live", 0), put("top", start))),
                ),
            ),
        ),
    )


def process(program: Program) -> Function:
    """A run from the start with the inputs that a request gives; the columns stay where they are, behind a header."""
    at, end, length, status = int_("at"), int_("end"), int_("length"), int_("status")
    entries = apply("i64.extend_i32_u", _word(int_("request")))
    fits = equal(apply("i64.extend_i32_u", length), entries * _ENTRY + 4)
    refused = Set("status", status | constant(PROCESS["REFUSED"], I32))
    entry: Body = (
        Set("status", Node("call", I32, (_word(at), load(BYTES, 0, at + 4)), "set_value")),
        Set("at", at + _ENTRY),
        If(status, (refused, Set("at", end))),
    )
    columns, rows = program.n_columns, get("saved_steps")
    size = rows * columns << 3
    reply = get("results_offset") - _HEADER
    told = apply("i64.extend_i32_u", status) | constant(columns << 32, I64)
    done: Body = (Store(BYTES, 0, told, reply), Store(BYTES, 1, rows, reply))
    return Function(
        "process",
        (("request", I32), ("length", I32), ("out", I32)),
        (
            Do("reset"),
            Do("clear_values"),
            Set("status", i32(PROCESS["BAD_REQUEST"])),
            If(
                fits,
                (
                    Set("status", i32(0)),
                    Set("at", int_("request") + 4),
                    Set("end", int_("request") + length),
                    While(at < end, entry),
                    If(negate(status), _run(program)),
                ),
            ),
            If(status, (Do("reset"),)),
            *done,
            Store(BYTES, 0, size + _HEADER, int_("out")),
        ),
        reply,
    )


def _run(program: Program) -> Body:
    """A run, its columns all there and side by side."""
    status = int_("status")
    lacks = negate(get("full_rows")) if program.fixed else i32(0)
    fill: Body = (
        *((Do("fill_fixed"),) if program.fixed else ()),
        *(_close_up(program) if program.clock_varies else ()),
    )
    too_many = constant(PROCESS["FAILED"] | RUN_ERROR["TOO_MANY_ROWS"], I32)
    return (
        Do("run"),
        Set("status", get("error")),
        If(
            status,
            (Set("status", status | constant(PROCESS["FAILED"], I32)),),
            (*fill, *((If(lacks, (Set("status", too_many),)),) if program.fixed else ())),
        ),
    )


def _close_up(program: Program) -> Body:
    """Columns with room for more rows than there are move together."""
    column, place = int_("column"), get("results_offset")

    def nth(rows: Node) -> Node:
        return place + (column * rows << 3)

    return (
        Set("column", i32(1)),
        While(
            column < program.n_columns,
            (
                Copy(nth(get("saved_steps")), nth(get("n_rows")), get("saved_steps") << 3),
                Set("column", column + 1),
            ),
        ),
        put("n_rows", get("saved_steps")),
    )


def _word(at: Node) -> Node:
    """The 32 bits at a byte."""
    return apply("i32.wrap_i64", load(BYTES, 0, at, I64))

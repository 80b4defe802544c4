"""Memory and saved rows: a column for each variable, a place for each row."""

from __future__ import annotations

from collections.abc import Iterable

from ...abi import RUN_ERROR
from ...ir import (
    Do,
    For,
    Function,
    If,
    Node,
    Operand,
    Set,
    Store,
    While,
    apply,
    constant,
    differ,
    equal,
    load,
    negate,
    where,
)
from ...ops import I32
from ...program import ERROR, RING_TOP, ROW, Columns, Program
from ..emit import BYTES
from .shorthand import HEAD, MOST_DOUBLES, PAGE, WAITING, Body, get, i32, int_, put, unrolled, waiting_rows


def grow() -> Function:
    """Make memory at least so many bytes long; the result is 0 where there is no more to be had."""
    missing = int_("missing")
    pages = (int_("bytes") + (PAGE - 1)) >> 16
    return Function(
        "grow",
        (("bytes", I32),),
        (
            Set("missing", pages - Node("memory.size", I32)),
            Set("granted", i32(1)),
            If(i32(0) < missing, (Set("granted", differ(Node("memory.grow", I32, (missing,)), -1)),)),
        ),
        int_("granted"),
    )


def reserve() -> Function:
    """Make room for so many columns of rows."""
    needed = (get("n_rows") * int_("columns") << 3) + get("results_offset")
    return Function("reserve", (("columns", I32),), (), Node("call", I32, (needed,), "grow"))


def rings_end(rings: int) -> Node:
    """The byte where columns start, behind what is in use of the rings and the head of a reply."""
    return (apply("i32.trunc_sat_f64_s", load(ROW, RING_TOP)) << 3) + (rings + HEAD)


def reserve_ring(rings: int) -> Function:
    """Make room for so many doubles of rings. Without it the run cannot go on, and what follows traps."""
    granted = Node("call", I32, ((int_("count") << 3) + rings,), "grow")
    failed = Store(ROW, ERROR, constant(float(RUN_ERROR["TOO_MUCH_MEMORY"])))
    return Function("reserve_ring", (("count", I32),), (If(negate(granted), (failed,)),))


def reserved(columns: Operand) -> Node:
    return Node("call", I32, (constant(columns, I32),), "reserve")


def cell(column: Node, row: Node) -> Node:
    """The byte where a saved value stands."""
    return get("results_offset") + (column * get("n_rows") + row << 3)


def save(program: Program) -> Function:
    """The live row's columns as a new row; more room is made where the clock has changed since the estimate."""
    fixed = _columns(program.fixed)
    write: Body = (
        Set("at", cell(i32(0), get("saved_steps"))),
        Set("stride", get("n_rows") << 3),
        *(_wait(program) if waiting_rows(program) else _columns(program.varying)),
        *((If(get("full_rows"), _after(program.n_varying, fixed)),) if fixed else ()),
        put("saved_steps", get("saved_steps") + 1),
        put("unsaved", 0),
        *(
            (If(equal(get("waiting"), waiting_rows(program)), (Do("settle_rows"),)),)
            if waiting_rows(program)
            else ()
        ),
    )
    too_many = apply("f64.convert_i32_s", get("saved_steps")) * float(program.n_columns) > MOST_DOUBLES
    check = If(too_many, (put("error", RUN_ERROR["TOO_MANY_ROWS"]),))
    if not program.clock_varies:
        return Function("save", (), (*write, check))
    ready = differ(get("error"), RUN_ERROR["TOO_MANY_ROWS"])
    enlarge = If(equal(get("saved_steps"), get("n_rows")), (Do("enlarge"),))
    return Function("save", (), (enlarge, If(ready, (*write, check))))


def _columns(runs: Iterable[Columns]) -> Body:
    """Values of the live row to the byte ``at``, and from there on every ``stride`` bytes."""
    at = int_("at")
    following = Set("at", at + int_("stride"))

    def one(run: Columns) -> Body:
        return unrolled(
            run.count, 8, lambda k, i: (Store(BYTES, 0, load(ROW, run.slot + k, i), at), following)
        )

    return tuple(statement for run in runs for statement in one(run))


def _after(columns: int, body: Body) -> Body:
    """The same for columns behind so many."""
    return (Set("at", cell(i32(columns), get("saved_steps"))), *body)


def _wait(program: Program) -> Body:
    """Values of the live row to the next row of those that wait."""
    to = int_("to")

    def one(run: Columns) -> Body:
        return unrolled(
            run.count,
            8,
            lambda k, i: (Store(WAITING, run.column + k, load(ROW, run.slot + k, i), _sum(to, i)),),
        )

    return (
        Set("to", get("waiting") * program.n_varying),
        *(statement for run in program.varying for statement in one(run)),
        put("waiting", get("waiting") + 1),
    )


def _sum(a: Node, b: Node | None) -> Node:
    return a if b is None else a + b


def settle_rows(program: Program) -> Function:
    """Rows that wait are written to their places, column by column."""
    at, column, row = int_("at"), int_("column"), int_("row")
    most = waiting_rows(program)
    n, last = program.n_varying, get("saved_steps") - get("waiting")
    all_of_them = tuple(Store(BYTES, k, load(WAITING, k * n, column), at) for k in range(most))
    each: Body = (
        Set("row", i32(0)),
        While(
            row < get("waiting"),
            (
                Store(BYTES, 0, load(WAITING, 0, row * n + column), at + (row << 3)),
                Set("row", row + 1),
            ),
        ),
    )
    on = (Set("at", at + int_("stride")),)
    return Function(
        "settle_rows",
        (),
        (
            Set("at", cell(i32(0), last)),
            Set("stride", get("n_rows") << 3),
            If(
                equal(get("waiting"), most),
                (For("column", n, (*all_of_them, *on)),),
                (For("column", n, (*each, *on)),),
            ),
            put("waiting", 0),
        ),
    )


def settled(program: Program) -> Body:
    """What must be done before anything but `save` touches the rows."""
    return (If(get("waiting"), (Do("settle_rows"),)),) if waiting_rows(program) else ()


def enlarge(program: Program) -> Function:
    """Double the room for rows. Columns move up, the last one first and each from its end."""
    old, column, row = int_("old"), int_("column"), int_("row")
    here = get("results_offset") + (column * old + (row - 1) << 3)
    move = Store(BYTES, 0, load(BYTES, 0, here), cell(column, row - 1))
    stored = where(get("full_rows"), i32(program.n_columns), i32(program.n_varying))
    return Function(
        "enlarge",
        (),
        (
            *settled(program),
            Set("old", get("n_rows")),
            put("n_rows", old << 1),
            If(
                reserved(stored),
                (
                    Set("column", stored),
                    While(
                        i32(0) < column,
                        (
                            Set("column", column - 1),
                            Set("row", old),
                            While(i32(0) < row, (move, Set("row", row - 1))),
                        ),
                    ),
                ),
                (put("n_rows", old), put("error", RUN_ERROR["TOO_MANY_ROWS"])),
            ),
        ),
    )


def fill_fixed(program: Program) -> Function:
    """From now on fixed columns are stored too; the rows so far get the values up to here."""
    i, j = int_("i"), int_("j")
    fill = tuple(
        For(
            "i",
            run.count,
            (
                Set("j", i32(0)),
                While(
                    j < get("saved_steps"),
                    (Store(BYTES, 0, load(ROW, run.slot, i), cell(i + run.column, j)), Set("j", j + 1)),
                ),
            ),
        )
        for run in program.fixed
    )
    return Function("fill_fixed", (), (If(reserved(program.n_columns), (*fill, put("full_rows", 1))),))

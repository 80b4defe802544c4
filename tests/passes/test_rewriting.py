"""What the optimiser leaves out, puts off and runs together. That values stay the same is the parity tests' matter."""

import math
import struct
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from penstock.compiler import Compiled, compile_text
from penstock.ir import For, Function, If, Set, Store, constant, equal, load, local, statements, where
from penstock.library.lookups import placed, records
from penstock.ops import I32, bits_of
from penstock.program import ROW
from penstock.rewrite.fused import fused
from penstock.rewrite.lazy import lazy
from penstock.wasm.packed import RAW, packed

TURN = local("i", I32)


def loops(function: Function) -> list[For]:
    return [statement for statement in statements(function.body) if isinstance(statement, For)]


def element_wise(*bodies: Store) -> Function:
    """Loops of four turns over variables that stand at 0, 4, 8 …"""
    return fused(Function("f", (), tuple(For("i", 4, (body,)) for body in bodies)), ROW, range(0, 40, 4))


# --- loops that are not asked for


def fold(name: str, at: int) -> tuple[Set, For]:
    total = local(name)
    return Set(name, constant(0.0)), For("i", 4, (Set(name, total + load(ROW, at, TURN)),))


def test_a_fold_that_only_one_side_of_a_choice_needs_runs_there() -> None:
    choice = where(equal(load(ROW, 30), 1.0), local("a"), local("b"))
    function = lazy(Function("f", (), (*fold("a", 0), *fold("b", 4), Store(ROW, 20, choice))))
    (outer,) = function.body
    assert isinstance(outer, If)
    assert [len(list(statements(side))) for side in (outer.then, outer.otherwise)] == [4, 4]


def test_a_fold_that_both_sides_or_the_condition_need_stays_before_the_choice() -> None:
    choice = where(equal(local("a"), 1.0), local("b"), local("a") + local("b"))
    function = Function("f", (), (*fold("a", 0), *fold("b", 4), Store(ROW, 20, choice)))
    assert lazy(function) == function


def test_a_fold_that_is_read_further_on_stays_before_the_choice() -> None:
    choice = where(equal(load(ROW, 30), 1.0), local("a"), 0.0)
    function = Function("f", (), (*fold("a", 0), Store(ROW, 20, choice), Store(ROW, 21, local("a"))))
    assert lazy(function) == function


# --- loops that run together


def test_loops_over_the_same_elements_become_one_that_passes_values_on() -> None:
    function = element_wise(
        Store(ROW, 4, load(ROW, 0, TURN) + 1.0, TURN), Store(ROW, 8, load(ROW, 4, TURN) * 2.0, TURN)
    )
    (loop,) = loops(function)
    kept, first, second = loop.body
    assert isinstance(kept, Set)
    assert isinstance(first, Store)
    assert isinstance(second, Store)
    assert first.value.imm == kept.name
    assert second.value.args[0].imm == kept.name


def test_loops_stay_apart_where_a_turn_reads_what_another_turn_writes() -> None:
    shifted, scalar = load(ROW, 5, TURN), load(ROW, 4)
    for read in (shifted, scalar, load(ROW, 4, TURN * 2), load(ROW, 4, constant(3, I32) - TURN)):
        assert len(loops(element_wise(Store(ROW, 4, constant(1.0), TURN), Store(ROW, 8, read, TURN)))) == 2
        assert len(loops(element_wise(Store(ROW, 8, read, TURN), Store(ROW, 4, constant(1.0), TURN)))) == 2


def test_loops_of_different_lengths_stay_apart() -> None:
    body = (
        For("i", 4, (Store(ROW, 4, constant(1.0), TURN),)),
        For("i", 3, (Store(ROW, 8, constant(1.0), TURN),)),
    )
    assert len(loops(fused(Function("f", (), body), ROW, range(0, 40, 4)))) == 2


# --- what only saved rows show

RARE = """\
model Rare
time 0 to 100 by 0.125 save every 10
stock level = 1
  in growth
flow growth = level * rate
const rate = 0.01
aux shown = exp(level) + ln(level + 1)
"""


def stored(function: Function) -> set[int]:
    return {statement.offset for statement in statements(function.body) if isinstance(statement, Store)}


def slot(model: Compiled, name: str) -> int:
    return next(row["slot"] for row in model.program.variables if row["name"] == name)


def test_what_no_step_needs_is_left_to_the_rows_that_are_seen() -> None:
    model = compile_text(RARE, "rare.pen")
    program = model.optimised
    assert slot(model, "shown") in stored(program.complete) - stored(program.evaluate)
    assert slot(model, "growth") in stored(program.evaluate) - stored(program.complete)


# --- points in few bytes


def unpacked(content: bytes, count: int) -> list[tuple[list[float], list[float]]]:
    """The x and y of so many lookups."""

    def array(word: int) -> list[float]:
        n, at = word & 0xFFFFFFFF, word >> 32
        (how,) = struct.unpack_from("<Q", content, at)
        width, decimals = how & 255, how >> 8
        if width == RAW:
            return list(struct.unpack_from(f"<{n}d", content, at + 8))
        pieces = (content[at + 8 + width * i : at + 8 + width * (i + 1)] for i in range(n))
        return [int.from_bytes(piece, "little", signed=True) / 10**decimals for piece in pieces]

    words = struct.unpack_from(f"<{2 * count}Q", content)
    return [(array(x), array(y)) for x, y in zip(words[::2], words[1::2], strict=True)]


DECIMALS = st.builds(
    lambda whole, places: whole / 10**places, st.integers(-(10**7), 10**7), st.integers(0, 9)
)
POINTS = st.lists(st.tuples(DECIMALS, st.one_of(DECIMALS, st.floats(width=64))), min_size=1, max_size=12)


@given(st.lists(POINTS, min_size=1, max_size=4))
def test_packed_points_are_the_same_to_the_bit(tables: list[list[tuple[float, float]]]) -> None:
    region: list[float | int] = []
    for table in tables:
        x, y = (tuple(axis) for axis in zip(*table, strict=True))
        region.extend(records(x, y, len(region)))
    found = unpacked(packed(region), len(list(placed(region))))
    for (x, y), table in zip(found, tables, strict=True):
        assert [(bits_of(a), bits_of(b)) for a, b in zip(x, y, strict=True)] == [
            (bits_of(a), bits_of(b)) for a, b in table
        ]


def test_short_decimals_take_few_bytes() -> None:
    rng = Random(5)
    x = tuple(float(year) for year in range(1850, 2101))
    y = tuple(round(rng.uniform(0, 300), 3) for _ in x)
    assert len(packed(list(records(x, y, 0)))) < 16 + 16 + 2 * len(x) + 3 * len(y) + 1
    assert math.isnan(next(iter(unpacked(packed(list(records((0.0,), (math.nan,), 0))), 1)))[1][0])

"""Every core operation over special values: what Python means by it and what wasm does are the same bits."""

from itertools import product

import pytest

from engine.bits import INF, NAN, PAIRS, SPECIAL, assert_same, integers
from engine.programs import FIRST, outcome, program_of
from penstock.ir import For, Node, Statement, Store, apply, binary, constant, load, local
from penstock.ops import F64, I32, I64, OPS, SCALARS, Op, Type, bits_of, signed32, signed64
from penstock.program import ROW

Values = dict[Type, list[float | int]]
VALUES: Values = {F64: [*SPECIAL], I64: [*integers(64)], I32: [*integers(32)]}


def operand(type_: Type, index: Node) -> Node:
    """An element of the table of special values, which no optimiser knows beforehand."""
    region = f"{type_.prefix} values"
    if type_ is F64:
        return load(region, 0, index)
    bits = load(region, 0, index, I64)
    return bits if type_ is I64 else apply("i32.wrap_i64", bits)


def stores(value: Node, index: Node) -> tuple[tuple[Statement, ...], int]:
    """Statements that keep a value as doubles, each exactly, and how many it takes."""
    if value.type is F64:
        return (Store(ROW, FIRST, value, index),), 1
    halves = (
        [value] if value.type is I32 else [apply("i32.wrap_i64", value), apply("i32.wrap_i64", value >> 32)]
    )
    count = len(halves)
    kept = (apply("f64.convert_i32_u", half) for half in halves)
    return tuple(Store(ROW, FIRST + part, half, index * count) for part, half in enumerate(kept)), count


def kept(value: float | int, type_: Type) -> list[float]:
    """What `stores` keeps of a value."""
    if type_ is F64:
        return [float(value)]
    assert isinstance(value, int)
    return [float(value)] if type_ is I32 else [float(value & 0xFFFFFFFF), float(value >> 32)]


@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
def test_an_operation_means_on_both_engines_what_its_row_says(op: Op) -> None:
    values = VALUES if len(op.params) == 1 else {**VALUES, F64: [*PAIRS]}
    counters = [f"i{place}" for place in range(len(op.params))]
    index: Node = constant(0, I32)
    for counter, type_ in zip(counters, op.params, strict=True):
        index = index * len(values[type_]) + local(counter, I32)
    operands = [operand(type_, local(name, I32)) for name, type_ in zip(counters, op.params, strict=True)]
    body, parts = stores(apply(op.name, *operands), index)
    count = parts
    for counter, type_ in zip(reversed(counters), reversed(op.params), strict=True):
        body = (For(counter, len(values[type_]), body),)
        count *= len(values[type_])
    tables = {f"{type_.prefix} values": tuple(values[type_]) for type_ in op.params}
    columns = outcome(program_of(body, count, tables), op.name, optimise=False)
    expected = [
        part
        for arguments in product(*(values[type_] for type_ in op.params))
        for part in kept(op.meaning(*arguments), op.result)
    ]
    assert_same([column[0] for column in columns], expected, op.name)


@pytest.mark.parametrize("type_", SCALARS)
def test_a_constant_is_encoded_as_it_is(type_: Type) -> None:
    values = VALUES[type_]
    stored = []
    count = 0
    for value in values:
        body, parts = stores(constant(value, type_), constant(0, I32))
        stored += [Store(s.region, s.offset + count, s.value) for s in body if isinstance(s, Store)]
        count += parts
    columns = outcome(program_of(stored, count))
    assert_same([column[0] for column in columns], [part for value in values for part in kept(value, type_)])


def test_every_operation_of_the_table_is_known_to_wasm_by_a_code_of_its_own() -> None:
    codes = [op.code for op in OPS.values()]
    assert len(set(codes)) == len(codes)


def test_the_special_values_reach_all_borders() -> None:
    """The cross products are worth what their values are."""
    bits = set(map(bits_of, SPECIAL))
    wanted = [0.0, -0.0, 5e-324, -5e-324, 2.0**-1022, 0.5, -2.5, 2.0**31, -(2.0**63), INF, -INF, NAN]
    assert all(bits_of(value) in bits for value in wanted)
    assert {0, -1, 1, (1 << 31) - 1, -(1 << 31)} <= set(map(signed32, integers(32)))
    assert {0, -1, 1, (1 << 63) - 1, -(1 << 63)} <= set(map(signed64, integers(64)))


def test_integer_shifts_count_modulo_the_width() -> None:
    """The case that Python and wasm are most likely to differ in, by hand."""
    assert OPS["i32.shl"].meaning(1, 33) == 2
    assert OPS["i64.shl"].meaning(1, 65) == 2
    assert OPS["i32.shr_s"].meaning(0x80000000, 31) == 0xFFFFFFFF
    assert binary("shr_s", constant(1, I32), 1).op == "i32.shr_s"

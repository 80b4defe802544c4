"""The tables of built-ins: every row on both engines, over its examples and over special values."""

import math
from collections.abc import Callable
from itertools import product
from random import Random

import pytest

from engine.bits import FEW, INF, NAN, PAIRS, SPECIAL, assert_same, first_difference, same
from engine.covers import covered
from engine.models import ENGINE_NAMES
from engine.programs import FIRST, outcome, program_of
from penstock.builtins import BUILTINS, spellings
from penstock.builtins.random import DRAWS
from penstock.builtins.table import Builtin, number, truth
from penstock.compiler import compile_text
from penstock.errors import PenstockError
from penstock.hosts.wasmtime import Instance
from penstock.ir import For, Node, Store, constant, load, local
from penstock.library.random import BOUNDED
from penstock.ops import I32, I64, bits_of
from penstock.program import ROW
from penstock.run import simulate
from penstock.vm import Machine
from penstock.wasm.module import blob

LOWERED = {name: row for name, row in BUILTINS.items() if row.lower is not None}

EXAMPLES = [(row.name, *example) for row in BUILTINS.values() for example in row.examples]

MOST = 3
"""Arguments that are given where a function takes any number."""

TUPLES = 100
"""Of arguments, where the cross product would be too large."""


def values_of(text: str, variable: str) -> list[float]:
    """The elements of a variable in the first row, on which all engines agree: as lowered and optimised."""
    model = compile_text(text, "built-ins.pen")
    rows = []
    for engine in (
        Machine(model.program),
        Instance(model.program, blob(model.program)),
        Machine(model.optimised),
        Instance(model.optimised, model.blob),
    ):
        engine.run()
        assert engine.get_error() == 0
        row = next(row for row in model.program.variables if row["name"] == variable)
        size = 1
        for dim in row.get("dims", ()):
            size *= len(model.program.dims[dim])
        rows.append(list(engine.row[row["slot"] : row["slot"] + size]))
    for other in rows[1:]:
        assert_same(rows[0], other, text.splitlines()[-1])
    return rows[0]


def written(value: float) -> str:
    """A number as an expression of our own text."""
    if value != value:
        return "0 / 0"
    if value in (INF, -INF):
        return f"{'-' if value < 0 else ''}1 / 0"
    return repr(value)


@pytest.mark.smoke
@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_every_example_of_the_tables_has_the_value_that_it_states(engine: str) -> None:
    lines = [f"aux x{place} = {text}" for place, (_, text, _) in enumerate(EXAMPLES)]
    results = simulate(compile_text("\n".join(["time 0 to 0 by 1", *lines]), "examples.pen"), engine=engine)
    for place, (name, text, value) in enumerate(EXAMPLES):
        found = results[f"x{place}"][0]
        assert same(found, value), f"{name}: {text} is {found!r}, not {value!r}"


def test_every_row_has_examples_or_is_tested_as_a_model() -> None:
    assert {name for name, row in BUILTINS.items() if not row.examples} - covered() == set()
    assert covered() <= BUILTINS.keys()


def table_model(row: Builtin, count: int, values: list[float]) -> str:
    """A model whose array `result` is the row's function of all tuples of values."""
    dims = [f"d{place}" for place in range(count)]
    elements = [[f"e{place} {number}" for number in range(len(values))] for place in range(count)]
    lines = ["time 0 to 0 by 1"]
    for place, dim in enumerate(dims):
        lines.append(f"dim {dim} = {', '.join(elements[place])}")
        lines.append(f"aux v{place}[{dim}] = {', '.join(map(written, values))}")
    arguments = ", ".join(f"v{place}[{dim}]" for place, dim in enumerate(dims))
    left = f"result[{', '.join(dims)}]" if dims else "result"
    return "\n".join([*lines, f"aux {left} = {row.name}({arguments})", ""])


def counts(row: Builtin) -> list[int]:
    """The numbers of arguments to try."""
    return list(range(row.fewest, int(min(row.most, max(row.fewest, MOST))) + 1))


@pytest.mark.parametrize("name", LOWERED)
def test_a_function_gives_the_same_bits_everywhere_over_special_values(name: str) -> None:
    row = LOWERED[name]
    for count in counts(row):
        if count <= MOST:
            values_of(table_model(row, count, [SPECIAL, SPECIAL, PAIRS, FEW][count]), "result")
        else:
            outcome_of(row, count)


@pytest.mark.parametrize("name", DRAWS)
def test_a_random_draw_gives_the_same_bits_everywhere(name: str) -> None:
    """Each of random streams, with random parameters, odd ones among them, and without bounds.

    Draws are repeated until they lie within bounds; where the parameters are odd, that takes the VM seconds.
    """
    stream = load("streams", 0, local("i", I32), I64)
    bounds = (constant(-INF), constant(INF)) if name[1:] in BOUNDED else ()
    # After the key, the counter and the stream comes what the distribution asks for.
    count = 3 + (len(BOUNDED[name[1:]].params) - 3 - len(bounds) if bounds else 0)
    rng = Random(name)
    streams = tuple(rng.getrandbits(64) for _ in range(TUPLES))
    draw = DRAWS[name]
    found = everywhere(name, lambda *given: draw(stream, *given, *bounds), count, {"streams": streams})
    assert len({value for value in found if value == value}) > TUPLES / 10


def outcome_of(row: Builtin, count: int) -> None:
    """Compare the row's function of random tuples on all engines."""
    assert row.lower is not None
    lower = row.lower

    def value(*arguments: Node) -> Node:
        truths = (row.parameter(place) in row.truths for place in range(count))
        return number(
            lower(*(truth(x) if is_truth else x for x, is_truth in zip(arguments, truths, strict=True)))
        )

    everywhere(row.name, value, count, {})


def everywhere(
    name: str, value: Callable[..., Node], count: int, tables: dict[str, tuple[float | int, ...]]
) -> list[float]:
    """The values for random tuples of special and of ordinary arguments, on which all engines agree."""
    rng = Random(name)
    choices = [*FEW, *(rng.uniform(0, 3) for _ in FEW), *map(float, range(1, 9))]
    values = tuple(rng.choice(choices) for _ in range(count * TUPLES))
    index = local("i", I32)
    made = value(*(load("values", place * TUPLES, index) for place in range(count)))
    program = program_of(
        [For("i", TUPLES, (Store(ROW, FIRST, made, index),))], TUPLES, {"values": values, **tables}
    )
    return [column[0] for column in outcome(program, name)]


@pytest.mark.parametrize("name", LOWERED)
def test_folding_a_function_of_constants_gives_the_same_bits(name: str) -> None:
    """The values stand in the call itself, so that the optimiser computes it."""
    row = LOWERED[name]
    values = [*map(written, FEW)]
    for count in counts(row):
        rng = Random(name)
        tuples = (
            [[rng.choice(values) for _ in range(count)] for _ in range(TUPLES)]
            if count > 1
            else [[value] * count for value in values]
        )
        calls = [f"{row.name}({', '.join(arguments)})" for arguments in tuples]
        elements = ", ".join(f"e{number}" for number in range(len(calls)))
        lines = ["time 0 to 0 by 1", f"dim d = {elements}", f"aux result[d] = {', '.join(calls)}"]
        found = values_of("\n".join(lines) + "\n", "result")
        assert len(found) == len(tuples)


REFERENCES = {
    "abs": lambda x: abs(x),
    "sign": lambda x: x if x == 0 or x != x else (1.0 if x > 0 else -1.0),
    "min": lambda *xs: NAN if any(x != x for x in xs) else min(xs),
    "max": lambda *xs: NAN if any(x != x for x in xs) else max(xs),
    "zidz": lambda a, b: 0.0 if b == 0 else a / b,
    "xidz": lambda a, b, x: x if b == 0 else a / b,
    "safediv": lambda a, b, x=0.0: x if b == 0 else a / b,
    "if_then_else": lambda c, a, b: b if c == 0 else a,
    "logical_not": lambda x: float(x == 0),
}
"""What Python makes of simple rows, zeros' signs left aside."""


@pytest.mark.parametrize("name", REFERENCES)
def test_simple_functions_are_what_python_says(name: str) -> None:
    row = LOWERED[name]
    for count in counts(row):
        values = [SPECIAL, SPECIAL, PAIRS, FEW][count]
        expected = [float(REFERENCES[name](*arguments)) for arguments in product(values, repeat=count)]
        found = values_of(table_model(row, count, values), "result")
        assert first_difference([x + 0.0 for x in found], [x + 0.0 for x in expected]) is None


def test_rounding_is_exact_and_keeps_the_sign() -> None:
    def away(x: float) -> float:
        """Halves go away from zero."""
        if not math.isfinite(x) or abs(x) >= 2.0**52:
            return x
        return math.copysign(math.floor(abs(x)) + (abs(x) - math.floor(abs(x)) >= 0.5), x)

    for name, expected in (
        ("integer", lambda x: math.copysign(math.trunc(x), x)),
        ("floor", lambda x: math.copysign(math.floor(x), x)),
        ("ceil", lambda x: math.copysign(math.ceil(x), x)),
        ("round", away),
    ):
        found = values_of(table_model(LOWERED[name], 1, SPECIAL), "result")
        for x, value in zip(SPECIAL, found, strict=True):
            assert same(value, expected(x) if math.isfinite(x) else x), f"{name}({x!r}) is {value!r}"


def test_a_remainder_has_the_sign_of_the_dividend_and_is_smaller_than_the_divisor() -> None:
    numbers = [0.0, 1.0, -1.0, 3.5, -3.5, 7.0, -7.0, 10.25, 2.0**40]
    found = values_of(table_model(LOWERED["modulo"], 2, numbers), "result")
    for (x, y), value in zip(product(numbers, repeat=2), found, strict=True):
        if y:
            assert value == math.fmod(x, y), (x, y)
        else:
            assert value != value


def test_infinities_and_nan_come_through_text_as_themselves() -> None:
    found = values_of(
        f"time 0 to 0 by 1\ndim d = {', '.join(f'e{n}' for n in range(len(SPECIAL)))}\n"
        f"aux v[d] = {', '.join(map(written, SPECIAL))}\n",
        "v",
    )
    assert_same(found, SPECIAL)
    assert len({bits_of(value) for value in found if value == value}) == len(SPECIAL) - 2


# --- arguments


@pytest.mark.parametrize("name", BUILTINS)
def test_a_wrong_number_of_arguments_is_refused_with_its_place(name: str) -> None:
    row = BUILTINS[name]
    wrong = [count for count in (row.fewest - 1, row.most + 1) if 0 <= count < INF]
    for count in wrong:
        call = f"{row.name}({', '.join('1' for _ in range(int(count)))})"
        with pytest.raises(PenstockError) as problem:
            compile_text(f"time 0 to 1 by 1\naux x = 2 + {call}\n", "m.pen")
        (item,) = problem.value.diagnostics
        assert item.code == "PEN204", call
        assert item.span.text == call
        assert item.span.line_column() == (2, 13)
        assert item.advice


def test_every_spelling_belongs_to_one_row_and_means_it() -> None:
    for dialect in ("mdl", "xmile", "pen"):
        for name in spellings(dialect).values():
            assert name in BUILTINS
    assert spellings("mdl")["if_then_else"] == "if_then_else"
    assert spellings("xmile")["int"] == "floor"


@pytest.mark.parametrize("name", [row.name for row in BUILTINS.values() if row.truths])
def test_a_condition_is_any_number_but_zero(name: str) -> None:
    """NaN is no zero, so it is true."""
    row = BUILTINS[name]
    values = [0.0, -0.0, 5e-324, -1.0, INF, NAN]
    if row.lower is None:
        return
    found = values_of(table_model(row, len(row.params), values), "result")
    stride = len(values) ** (len(row.params) - 1)
    zero, true = found[:stride], found[2 * stride : 3 * stride]
    assert_same(found[stride : 2 * stride], zero)
    for place in range(2, len(values)):
        assert_same(found[place * stride : (place + 1) * stride], true)
    assert first_difference(zero, true) is not None

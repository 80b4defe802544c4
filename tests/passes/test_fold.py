"""The optimiser's rules: each is exact for every value, and each is worth its place."""

from itertools import product
from random import Random

import pytest

from engine.bits import FEW, INF, NAN, PAIRS, SPECIAL, integers, same
from library.evaluate import value_of
from penstock.ir import Function, Node, Set, apply, constant, load, local, nodes, where
from penstock.library import FUNCTIONS
from penstock.ops import F64, I32, I64, OPS, Op, Type
from penstock.passes.fold import RULES, Rewriter, folded

LIBRARY = {name: row.function for name, row in FUNCTIONS.items()}
NUMBERS = [0.0, -0.0, 1.0, -1.0, 2.0, 0.5, -4.0, 2.0**-1022, 2.0**1000, 3.0, 5e-324, INF, NAN]
INTEGERS = [0, 1, 2, 31, 0xFFFFFFFF]
X, Y = local("x"), local("y")
TRUTH = local("truth", I32)
BITS = local("bits", I32)
WORD = local("word", I64)


def operands(type_: Type) -> list[Node]:
    """Operands that rules may look for: constants, locals, and operations that undo one another."""
    if type_ is F64:
        inner = [apply(f"f64.{name}", X) for name in ("neg", "abs", "sqrt")]
        inner += [apply("f64.convert_i32_u", condition) for condition in (X < Y, TRUTH, BITS)]
        return [X, Y, *map(constant, NUMBERS), *inner, apply("f64.neg", inner[1])]
    if type_ is I32:
        compared = [apply(f"f64.{name}", X, Y) for name in ("eq", "ne", "lt", "le", "gt", "ge")]
        return [TRUTH, BITS, *(constant(n, I32) for n in INTEGERS), *compared, *(apply("i32.eqz", c) for c in compared),
                apply("i32.eqz", BITS), compared[0] & compared[2], compared[1] | BITS]  # fmt: skip
    return [WORD, *(constant(n, I64) for n in INTEGERS)]


def trees(op: str) -> list[Node]:
    """The operation over all its operands."""
    if op == "if":
        conditions, sides = operands(I32), [X, Y, constant(1.0)]
        return [where(c, a, b) for c, a, b in product(conditions, sides, sides)]
    return [apply(op, *args) for args in product(*map(operands, OPS[op].params))]


def given(rng: Random) -> dict[str, float | int]:
    return {
        "x": rng.choice(SPECIAL),
        "y": rng.choice(SPECIAL),
        "truth": rng.choice((0, 1)),
        "bits": rng.choice(integers(32)),
        "word": rng.choice(integers(64)),
    }


def assert_equal(before: Node, after: Node, names: dict[str, float | int]) -> None:
    a, b = value_of(before, names, {}), value_of(after, names, {})
    equal = same(a, b) if before.type is F64 else a == b
    assert equal, f"{before} is {a!r}, but {after} is {b!r} for {names}"


@pytest.mark.smoke
@pytest.mark.parametrize("op", RULES)
def test_a_rule_keeps_every_value_to_the_bit(op: str) -> None:
    rng = Random(op)
    changed = 0
    for tree in trees(op):
        for rule in RULES[op]:
            after = rule(tree)
            if after is not None:
                changed += 1
                assert after.type is tree.type
                for _ in range(25):
                    assert_equal(tree, after, given(rng))
    assert changed


@pytest.mark.parametrize(
    ("op", "place"), [(op, place) for op, rules in RULES.items() for place in range(len(rules))]
)
def test_every_rule_has_something_to_do(op: str, place: int) -> None:
    assert any(RULES[op][place](tree) is not None for tree in trees(op))


@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
def test_an_operation_of_constants_becomes_what_it_yields(op: Op) -> None:
    floats = PAIRS if len(op.params) == 1 else FEW
    values: dict[Type, list[float | int]] = {
        F64: [*floats],
        I32: [*integers(32)][::3],
        I64: [*integers(64)][::3],
    }
    rewriter = Rewriter({})
    for arguments in product(*(values[type_] for type_ in op.params)):
        tree = apply(op.name, *(constant(v, t) for v, t in zip(arguments, op.params, strict=True)))
        node = rewriter.node(tree)
        assert node.op == "const"
        assert node.type is op.result
        assert_equal(tree, node, {})


@pytest.mark.parametrize("op", [op for op in OPS if op not in RULES])
def test_what_has_no_rule_stays(op: str) -> None:
    """In particular nothing is done about x * 0 and x + 0."""
    names = {F64: ("x", "y"), I32: ("bits", "truth"), I64: ("word", "word")}
    args = [local(names[type_][place], type_) for place, type_ in enumerate(OPS[op].params)]
    assert Rewriter({}).node(apply(op, *args)).op == op


def test_tempting_rules_that_are_not_exact_are_not_there() -> None:
    rewriter = Rewriter({})
    for tree in (
        X + 0.0,
        0.0 + X,
        X * 0.0,
        0.0 * X,
        X - X,
        X / X,
        0.0 / X,
        X / 3.0,
        X - -0.0,
        0.0 - X,
        X * -1.0,
    ):
        assert rewriter.node(tree).op == tree.op, tree
        assert len(rewriter.node(tree).args) == len(tree.args)
    assert rewriter.node(X + -0.0) is rewriter.node(X)
    assert rewriter.node(X - 0.0) is rewriter.node(X)
    assert rewriter.node(X / 4.0).op == "f64.mul"


def test_equal_nodes_become_one_and_others_do_not() -> None:
    rewriter = Rewriter({})
    assert rewriter.node(X + Y) is rewriter.node(local("x") + local("y"))
    assert rewriter.node(X + Y) is not rewriter.node(Y + X)
    assert rewriter.node(constant(0.0)) is not rewriter.node(constant(-0.0))
    assert rewriter.node(constant(0, I32)) is not rewriter.node(constant(0, I64))
    assert rewriter.node(constant(1.0)) is not rewriter.node(constant(1, I32))
    assert rewriter.node(constant(NAN)) is rewriter.node(constant(NAN))
    assert rewriter.node(load("row", 1)) is not rewriter.node(load("row", 2))
    assert rewriter.node(load("row", 1)) is not rewriter.node(load("row", 1, type_=I64))


@pytest.mark.parametrize("name", ["pow", "log_base", "exp", "ln"])
def test_calls_with_constant_arguments_keep_their_values(name: str) -> None:
    """Inlined or not: the branches of a definition are chosen as the function itself would."""
    function = FUNCTIONS[name]
    rng = Random(name)
    rewriter = Rewriter(LIBRARY)
    inlined = 0
    for value in (*FEW, 4.0, -2.0, 0.25, 10.0, -0.5):
        calls = (
            [function(constant(value))]
            if len(function.params) == 1
            else [function(X, value), function(value, X)]
        )
        for tree in calls:
            after = rewriter.node(tree)
            inlined += not any(node.op == "call" for node in nodes(Function("", (), (), after)))
            for x in (*FEW, *(rng.uniform(-5, 5) for _ in range(5))):
                assert_equal(tree, after, {"x": x})
    assert inlined or name != "pow"


def test_a_square_costs_one_multiplication() -> None:
    after = Rewriter(LIBRARY).node(FUNCTIONS["pow"](X, 2.0))
    assert after.op == "f64.mul"
    assert after.args[0] is after.args[1]


def test_the_library_keeps_its_values_when_it_is_optimised() -> None:
    rng = Random(1)
    for name, row in FUNCTIONS.items():
        after = folded(row.function, LIBRARY)
        if not all(type_ is F64 for _, type_ in row.params) or any(
            not isinstance(s, Set) for s in after.body
        ):
            continue
        for _ in range(60):
            names: dict[str, float | int] = {
                param: rng.choice((rng.choice(SPECIAL), rng.uniform(-20, 20))) for param, _ in row.params
            }
            values = []
            for function in (row.function, after):
                known = dict(names)
                for statement in function.body:
                    assert isinstance(statement, Set)
                    known[statement.name] = value_of(statement.value, known, {})
                assert function.value is not None
                values.append(value_of(function.value, known, {}))
            assert same(*map(float, values)), (name, names, values)

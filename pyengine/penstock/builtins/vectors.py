"""Vector functions: selection, sorting and mapping of elements, and the inverse of a matrix.

A *vector* is an argument along the last of its subscripts that runs. Sorting and inverting take statements:
their argument becomes a hidden array over the loops it depends on, and so does the result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..expr import Binary, Call, Expr, Number, Reference
from ..ir import For, If, Node, Set, Statement, While, apply, constant, equal, local, where
from ..model import Ident
from ..ops import F64, I32
from .table import Body, Builtin, Desk, Expansion

_INFINITY = float("inf")


def whole(value: int) -> Node:
    return constant(value, I32)


def as_number(index: Node) -> Node:
    return apply("f64.convert_i32_s", index)


def rows(sizes: Sequence[int], body: Sequence[Statement]) -> Body:
    """The body for every combination of outer positions; the i32 local ``row`` counts them."""
    count = 1
    for size in sizes:
        count *= size
    return (For("row", count, tuple(body)),)


# --- selection


def _select(
    expansion: Expansion, selection: Expr, value: Expr, missing: Expr, action: Expr, error: Expr
) -> Expr:
    """Weighted or plain sums, products, extremes and means of the elements with a selection that is not zero."""
    if isinstance(action, Number) and action.value not in _ACTIONS:
        construct = f"the action {action.value:g} of VECTOR SELECT"
        return expansion.refuse(construct, "Give a whole number from 0 to 10.")
    if isinstance(error, Number) and error.value not in _ERRORS:
        construct = f"the error action {error.value:g} of VECTOR SELECT"
        return expansion.refuse(construct, "Give 0, 1, 2 or 3.")
    chosen = Call("sum", (_if(selection, Number(1.0), Number(0.0)),))
    count: Expr = chosen
    for loop in expansion.reductions(value):
        if loop not in expansion.reductions(selection):
            count = Binary("*", count, Number(float(expansion.length(loop))))
    numbers = [action.value] if isinstance(action, Number) else list(_ACTIONS)
    outcome: Expr = _NAN
    folds: dict[tuple[str, str], Expr] = {}
    for number in reversed(numbers):
        fold, weight = _ACTIONS[number]
        made = folds.setdefault((fold, weight), _folded(selection, value, fold, weight))
        if number in _MEANS:
            made = Binary("/", made, count)
        is_it = Binary("=", action, Number(number))
        outcome = made if isinstance(action, Number) else Call("if_then_else", (is_it, made, outcome))
    none, several = Binary("=", chosen, Number(0.0)), Binary(">", chosen, Number(1.0))
    if error != Number(0.0):
        missing = Call("if_then_else", (_is_either(error, 1.0), _NAN, missing))
        too_many = Binary("and", several, _is_either(error, 2.0))
        outcome = Call("if_then_else", (too_many, _NAN, outcome))
    return Call("if_then_else", (none, missing, outcome))


def _is_either(error: Expr, number: float) -> Expr:
    """Whether an error action asks for one of the two errors; 3 asks for both."""
    return Binary("or", Binary("=", error, Number(number)), Binary("=", error, Number(3.0)))


_NAN = Number(float("nan"))
_ERRORS = (0.0, 1.0, 2.0, 3.0)
_ACTIONS: dict[float, tuple[str, str]] = {
    0.0: ("sum", "product"),
    1.0: ("prod", "product"),
    2.0: ("vmin", "product"),
    3.0: ("vmax", "product"),
    4.0: ("sum", "product"),
    5.0: ("prod", "power"),
    6.0: ("sum", "plain"),
    7.0: ("prod", "plain"),
    8.0: ("vmin", "plain"),
    9.0: ("vmax", "plain"),
    10.0: ("sum", "plain"),
}
_MEANS = (4.0, 10.0)
_NEUTRAL = {"sum": 0.0, "prod": 1.0, "vmin": _INFINITY, "vmax": -_INFINITY}


def _if(condition: Expr, then: Expr, otherwise: Expr) -> Expr:
    return Call("if_then_else", (Binary("<>", condition, Number(0.0)), then, otherwise))


def _folded(selection: Expr, value: Expr, fold: str, weight: str) -> Expr:
    weighted = {
        "product": Binary("*", selection, value),
        "power": Binary("^", value, selection),
        "plain": value,
    }[weight]
    return Call(fold, (_if(selection, weighted, Number(_NEUTRAL[fold])),))


# --- sorting


def _along(expansion: Expansion, vector: Expr, *others: Expr) -> tuple[Ident, tuple[Ident, ...]] | None:
    """The loop along a vector, and all loops with that one last."""
    key = expansion.vector(vector)
    if key is None:
        return None
    return key, (*(loop for loop in expansion.loops(vector, *others) if loop != key), key)


def _no_vector(expansion: Expansion, name: str) -> Expr:
    return expansion.refuse(
        f"{name} of anything but an array", "Give it an array with a subscript that runs."
    )


def _sorting(ranks: bool) -> Callable[..., Expr]:
    """Positions in sorted order, or each element's rank in it."""

    def expand(expansion: Expansion, vector: Expr, direction: Expr) -> Expr:
        found = _along(expansion, vector, direction)
        if found is None:
            return _no_vector(expansion, "VECTOR RANK" if ranks else "VECTOR SORT ORDER")
        loops = found[1]
        inputs = {
            "vector": expansion.array("vector", vector, loops),
            "direction": expansion.array("direction", direction, loops),
        }
        sizes = [expansion.length(loop) for loop in loops]
        order = expansion.calculated("order", inputs, loops, lambda desk: _sorted(desk, sizes))
        if not ranks:
            return expansion.at_home(order, loops)
        rank = expansion.calculated("rank", {"order": order}, loops, lambda desk: _ranked(desk, sizes))
        return expansion.at_home(rank, loops)

    return expand


def _sorted(desk: Desk, sizes: Sequence[int]) -> Body:
    """Heap sort of the positions, by value and then by position, so that equal values keep their order."""
    size = sizes[-1]
    first = local("row", I32) * size
    place, root, child, end = (local(name, I32) for name in ("place", "root", "child", "end"))
    held, other = local("held", F64), local("other", F64)

    def value(position: Node) -> Node:
        return desk.read("vector", first + apply("i32.trunc_sat_f64_s", position))

    def before(a: Node, b: Node) -> Node:
        """Whether position a comes before position b."""
        rises = desk.read("direction", first) > 0.0
        x, y = value(a), value(b)
        return where(equal(x, y), a < b, where(rises, x < y, x > y))

    sift: Body = (
        Set("held", desk.own(first + root)),
        Set("child", root + root + 1),
        While(
            child < end,
            (
                Set("other", desk.own(first + child)),
                If(
                    child + 1 < end,
                    (
                        If(
                            before(other, desk.own(first + where(child + 1 < end, child + 1, child))),
                            (Set("child", child + 1), Set("other", desk.own(first + child))),
                        ),
                    ),
                ),
                If(
                    before(held, other),
                    (
                        desk.write(other, first + root),
                        Set("root", child),
                        Set("child", root + root + 1),
                    ),
                    (Set("child", end),),
                ),
            ),
        ),
        desk.write(held, first + root),
    )
    heap: Body = (
        Set("end", whole(size)),
        Set("place", whole(size // 2)),
        While(whole(0) < place, (Set("place", place - 1), Set("root", place), *sift)),
    )
    take: Body = (
        Set("place", whole(size - 1)),
        While(
            whole(0) < place,
            (
                Set("last", desk.own(first + place)),
                desk.write(desk.own(first), first + place),
                desk.write(local("last", F64), first),
                Set("end", place),
                Set("root", whole(0)),
                *sift,
                Set("place", place - 1),
            ),
        ),
    )
    start = For("place", size, (desk.write(as_number(place), first + place),))
    return rows(sizes[:-1], (start, *heap, *take))


def _ranked(desk: Desk, sizes: Sequence[int]) -> Body:
    """The inverse permutation, counted from 1."""
    first, place = local("row", I32) * sizes[-1], local("place", I32)
    target = first + apply("i32.trunc_sat_f64_s", desk.read("order", first + place))
    return rows(sizes[:-1], (For("place", sizes[-1], (desk.write(as_number(place) + 1.0, target),)),))


def _reorder(expansion: Expansion, vector: Expr, order: Expr) -> Expr:
    found = _along(expansion, vector, order)
    if found is None:
        return _no_vector(expansion, "VECTOR REORDER")
    key, loops = found
    copy = expansion.array("vector", vector, loops)
    sorted_ = expansion.element(copy, loops, {key: Binary("+", order, Number(1.0))})
    return expansion.at_home(expansion.array("reordered", sorted_, loops), loops)


def _element_map(expansion: Expansion, vector: Expr, offset: Expr) -> Expr:
    if isinstance(vector, Reference) and expansion.is_variable(vector):
        return Reference(vector.name, expansion.written(vector), vector.span, offset)
    found = _along(expansion, vector)
    if found is None:
        return _no_vector(expansion, "VECTOR ELM MAP")
    copy = expansion.array("vector", vector, found[1])
    return Reference(copy.name, copy.subscripts, offset=offset)


# --- matrices


def _inverse(expansion: Expansion, matrix: Expr, size: Expr) -> Expr:
    found = expansion.matrix(matrix)
    if found is None:
        return expansion.refuse(
            "INVERT MATRIX of anything but a matrix", "Give an array with two subscripts."
        )
    matrix, loops, homes = found
    n, given = expansion.length(loops[-1]), expansion.constant(size)
    if expansion.length(loops[-2]) != n or given != float(n):
        construct = "INVERT MATRIX of a part of a matrix"
        return expansion.refuse(construct, "Give a square matrix, and its size as a number.")
    copy = expansion.array("matrix", matrix, loops)
    halves = expansion.plain_loop(2)
    sizes = [expansion.length(loop) for loop in loops]
    work = expansion.calculated(
        "work", {"matrix": copy}, (*loops[:-2], halves, *loops[-2:]), lambda desk: _inverted(desk, sizes)
    )
    return expansion.element(work, (*homes[:-2], halves, *homes[-2:]), {halves: Number(2.0)})


def _inverted(desk: Desk, sizes: Sequence[int]) -> Body:
    """Gauss and Jordan with the largest pivot of each column; the inverse grows in the second half."""
    n = sizes[-1]
    row, i, j, k, best = (local(name, I32) for name in ("row", "i", "j", "k", "best"))
    left = row * (2 * n * n)

    def at(half: int, a: Node, b: Node) -> Node:
        return left + half * n * n + a * n + b

    both = (0, 1)
    factor, kept = local("factor", F64), local("kept", F64)
    start = For(
        "i",
        n,
        (
            For(
                "j",
                n,
                (
                    desk.write(desk.read("matrix", row * (n * n) + i * n + j), at(0, i, j)),
                    desk.write(where(equal(i, j), 1.0, 0.0), at(1, i, j)),
                ),
            ),
        ),
    )
    find = (
        Set("best", k),
        For(
            "i",
            n,
            (If((k < i) & (abs(desk.own(at(0, best, k))) < abs(desk.own(at(0, i, k)))), (Set("best", i),)),),
        ),
    )
    swap = For(
        "j",
        n,
        tuple(
            statement
            for half in both
            for statement in (
                Set("kept", desk.own(at(half, k, j))),
                desk.write(desk.own(at(half, best, j)), at(half, k, j)),
                desk.write(kept, at(half, best, j)),
            )
        ),
    )
    scale = (
        Set("factor", desk.own(at(0, k, k))),
        For("j", n, tuple(desk.write(desk.own(at(half, k, j)) / factor, at(half, k, j)) for half in both)),
    )
    clear = (
        Set("factor", desk.own(at(0, i, k))),
        For(
            "j",
            n,
            tuple(
                desk.write(desk.own(at(half, i, j)) - factor * desk.own(at(half, k, j)), at(half, i, j))
                for half in both
            ),
        ),
    )
    others = For("i", n, (If(equal(i, k), (), clear),))
    return rows(sizes[:-2], (start, For("k", n, (*find, swap, *scale, others))))


ROWS = (
    Builtin(
        name="vector_select",
        params=("selection", "value", "missing", "action", "error"),
        units="*, a, a, *, * -> a",
        meaning="A sum (0), product (1), minimum (2), maximum (3) or mean (4) of selection × value, the product of "
        "value ^ selection (5), or the same of the value alone (6 to 10), where the selection is not 0; "
        "`missing` where it is 0 everywhere. With the error action 1 that is NaN instead, with 2 the same for more "
        "than one that is not 0, with 3 both.",
        mdl=("VECTOR SELECT",),
        xmile=("VECTOR SELECT",),
        expand=_select,
        arrays=True,
    ),
    Builtin(
        name="vector_elm_map",
        params=("vector", "offset"),
        units="a, * -> a",
        meaning="The element `offset` places after the one that is named, in the order of elements; counted from "
        "the first where the last subscript runs; NaN outside of the array.",
        mdl=("VECTOR ELM MAP",),
        xmile=("VECTOR ELM MAP",),
        expand=_element_map,
        arrays=True,
    ),
    Builtin(
        name="vector_sort_order",
        params=("vector", "direction"),
        units="*, * -> 1",
        meaning="Positions, from 0, of the elements in rising order, falling where `direction` is not above 0; equal "
        "ones keep their order.",
        mdl=("VECTOR SORT ORDER",),
        xmile=("VECTOR SORT ORDER",),
        expand=_sorting(ranks=False),
        arrays=True,
    ),
    Builtin(
        name="vector_rank",
        params=("vector", "direction"),
        units="*, * -> 1",
        meaning="The rank of each element, from 1, in rising order, falling where `direction` is not above 0.",
        mdl=("VECTOR RANK",),
        xmile=("VECTOR RANK",),
        xmile_others=("RANK",),
        expand=_sorting(ranks=True),
        arrays=True,
    ),
    Builtin(
        name="vector_reorder",
        params=("vector", "order"),
        units="a, * -> a",
        meaning="The elements in the order that VECTOR SORT ORDER gave; 0 for a position outside of the vector.",
        mdl=("VECTOR REORDER",),
        xmile=("VECTOR REORDER",),
        expand=_reorder,
        arrays=True,
    ),
    Builtin(
        name="invert_matrix",
        params=("matrix", "size"),
        units="a, * -> 1/a",
        meaning="The inverse of the square matrix along the last two subscripts, for each of those before.",
        mdl=("INVERT MATRIX", "MATRIX INVERT"),
        xmile=("INVERT MATRIX",),
        expand=_inverse,
        arrays=True,
    ),
)

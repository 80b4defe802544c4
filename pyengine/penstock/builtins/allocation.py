"""Sharing out a scarce supply among requests, by curves of priority or by priority alone.

*Curves*: each request is met to a share that falls with a price p common to all; the price is where the shares
take up the supply. With z = (p - priority) / width the share is, from 1 down to 0,

- rectangular: a straight line for z from -1/2 to 1/2;
- triangular: two parabolas over the same range;
- normal: ``erfc(z / √2) / 2``;
- exponential: ``1 - exp(z) / 2`` for z < 0, else ``exp(-z) / 2``.

*By priority*: requests in falling order of priority start one after the other; one starts when the share of the
one before has reached their distance in priority over the width, at most 1. All that have started fill up at the
same pace.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..expr import Expr, Reference
from ..ir import For, If, Node, Set, Statement, While, binary, constant, equal, local, where
from ..library.error_function import erfc
from ..library.transcendental import exp
from ..model import Ident
from ..ops import F64, I32
from .table import Body, Builtin, Desk, Expansion
from .vectors import rows, whole

HALVINGS = 100
_NAN = float("nan")
REACH = 40.0
"""Shares differ from 0 and 1 by less than half an ulp of 1 only within so many widths."""


def _rectangular(z: Node) -> Node:
    return binary("min", binary("max", 0.5 - z, 0.0), 1.0)


def _triangular(z: Node) -> Node:
    below, above = z + 0.5, 0.5 - z
    inner = where(z < 0.0, 1.0 - below * below * 2.0, above * above * 2.0)
    return where(z <= -0.5, 1.0, where(z >= 0.5, 0.0, inner))


def _normal(z: Node) -> Node:
    return erfc(z * 0.7071067811865476) * 0.5


def _exponential(z: Node) -> Node:
    tail = exp(-abs(z)) * 0.5
    return where(z < 0.0, 1.0 - tail, tail)


_CURVES: dict[float, Callable[[Node], Node]] = {
    1.0: _rectangular,
    2.0: _triangular,
    3.0: _normal,
    4.0: _exponential,
}


def share_of(kind: Node, z: Node) -> Node:
    value: Node | float = _NAN
    for number, curve in _CURVES.items():
        value = where(equal(kind, number), curve(z), value)
    assert isinstance(value, Node)
    return value


def _available(expansion: Expansion, request: Expr, profile: Expr, supply: Expr) -> Expr:
    parts = expansion.following(profile, 4)
    if parts is None:
        advice = "Give the first of four elements: type, priority, width and extra."
        return expansion.refuse("ALLOCATE AVAILABLE with such a priority profile", advice)
    kind, priority, width, _ = parts
    return _curves(expansion, request, priority, width, kind, supply)


def _stella(
    expansion: Expansion,
    supply: Expr,
    dimension: Expr,
    request: Expr,
    priority: Expr,
    width: Expr,
    kind: Expr,
) -> Expr:
    return _curves(expansion, request, priority, width, kind, supply)


def _curves(
    expansion: Expansion, request: Expr, priority: Expr, width: Expr, kind: Expr, supply: Expr
) -> Expr:
    given = expansion.constant(kind)
    if given is not None and given not in _CURVES:
        advice = "Use type 1 (rectangular), 2 (triangular), 3 (normal) or 4 (exponential)."
        return expansion.refuse(f"the priority type {given:g} of an allocation", advice)
    key = expansion.vector(request)
    if key is None:
        return expansion.refuse("an allocation to anything but an array", "Give requests with a subscript.")
    values = {"request": request, "priority": priority, "width": width, "kind": kind, "supply": supply}
    inputs, loops, sizes = _aligned(expansion, key, values)
    shares = expansion.calculated("shares", inputs, loops, lambda desk: _allotted(desk, sizes))
    return expansion.at_home(shares, loops)


def _aligned(
    expansion: Expansion, key: Ident, values: dict[str, Expr]
) -> tuple[dict[str, Reference], tuple[Ident, ...], list[int]]:
    """Every value as an array over all loops, that of the requests last; and how long these are."""
    values = {name: expansion.aligned(value, key) for name, value in values.items()}
    loops = (*(loop for loop in expansion.loops(*values.values()) if loop != key), key)
    inputs = {name: expansion.array(name, value, loops) for name, value in values.items()}
    return inputs, loops, [expansion.length(loop) for loop in loops]


_FIRST, _I, _TURN = local("first", I32), local("i", I32), local("turn", I32)
_LOW, _HIGH, _MIDDLE = local("low", F64), local("high", F64), local("middle", F64)


def summed(name: str, size: int, term: Node) -> Body:
    """Set a local to the sum of a term over ``i``."""
    total = local(name, F64)
    return (Set(name, _zero()), For("i", size, (Set(name, total + term),)))


def _zero() -> Node:
    return constant(0.0)


def _allotted(desk: Desk, sizes: Sequence[int]) -> Body:
    size = sizes[-1]
    at = _FIRST + _I

    def taken(price: Node) -> Node:
        z = (price - desk.read("priority", at)) / desk.read("width", at)
        return desk.read("request", at) * share_of(desk.read("kind", at), z)

    reach = desk.read("width", at) * REACH
    bounds: Body = (
        Set("low", desk.read("priority", _FIRST)),
        Set("high", _LOW),
        For(
            "i",
            size,
            (
                Set("low", binary("min", _LOW, desk.read("priority", at) - reach)),
                Set("high", binary("max", _HIGH, desk.read("priority", at) + reach)),
            ),
        ),
    )
    halve: Body = (
        Set("turn", whole(0)),
        While(
            _TURN < HALVINGS,
            (
                Set("middle", _LOW + (_HIGH - _LOW) * 0.5),
                *summed("sum", size, taken(_MIDDLE)),
                If(
                    local("sum", F64) < desk.read("supply", _FIRST),
                    (Set("high", _MIDDLE),),
                    (Set("low", _MIDDLE),),
                ),
                Set("turn", _TURN + 1),
            ),
        ),
    )
    return _limited(desk, size, sizes[:-1], (*bounds, *halve), taken)


def _limited(
    desk: Desk, size: int, outer: Sequence[int], search: Body, taken: Callable[[Node], Node]
) -> Body:
    """All requests where there is enough; else what they take between ``low``, where it is too much or just enough,
    and ``high``, where it is not, so that the supply is used up."""
    at = _FIRST + _I
    supply, total = desk.read("supply", _FIRST), local("total", F64)
    over, under = local("over", F64), local("under", F64)
    part = local("part", F64)
    meet = For("i", size, (desk.write(desk.read("request", at), at),))
    share: Body = (
        *search,
        *summed("over", size, taken(_LOW)),
        *summed("under", size, taken(_HIGH)),
        Set("part", where(under < over, (supply - under) / (over - under), 0.0)),
        For("i", size, (desk.write(taken(_HIGH) + part * (taken(_LOW) - taken(_HIGH)), at),)),
    )
    body: list[Statement] = [
        Set("first", local("row", I32) * size),
        *summed("total", size, desk.read("request", at)),
        If(
            supply >= total,
            (meet,),
            (If(supply > 0.0, share, (For("i", size, (desk.write(0.0, at),)),)),),
        ),
    ]
    return rows(outer, body)


# --- by priority


def _by_priority(
    expansion: Expansion, request: Expr, priority: Expr, size: Expr, width: Expr, supply: Expr
) -> Expr:
    key = expansion.vector(request)
    if key is None or expansion.constant(size) != float(expansion.length(key)):
        advice = "Give ELMCOUNT of the requests' last dimension as the third argument."
        return expansion.refuse("ALLOCATE BY PRIORITY to a part of a dimension", advice)
    inputs, loops, sizes = _aligned(
        expansion, key, {"request": request, "priority": priority, "width": width, "supply": supply}
    )
    starts = expansion.calculated("starts", inputs, loops, lambda desk: _starts(desk, sizes))
    inputs = {**inputs, "start": starts}
    shares = expansion.calculated("shares", inputs, loops, lambda desk: _filled(desk, sizes))
    return expansion.at_home(shares, loops)


def _starts(desk: Desk, sizes: Sequence[int]) -> Body:
    """When each request starts to fill, in shares of a request; in falling order of priority."""
    size = sizes[-1]
    at = _FIRST + _I
    best, last, start, turn = local("best", I32), local("last", I32), local("start", F64), _TURN
    priority = desk.read("priority", at)

    def after(a: Node, i: Node, b: Node, j: Node) -> Node:
        """Whether a at i comes after b at j."""
        return (a < b) | (equal(a, b) & (j < i))

    bound = desk.read("priority", _FIRST + where(last < 0, whole(0), last))
    leader = desk.read("priority", _FIRST + where(best < 0, whole(0), best))
    waits = (last < 0) | after(priority, _I, bound, last)
    leads = (best < 0) | after(leader, best, priority, _I)
    asks = desk.read("request", at) > 0.0
    step = binary("min", (bound - leader) / desk.read("width", _FIRST), 1.0)
    body: list[Statement] = [
        Set("first", local("row", I32) * size),
        For("i", size, (desk.write(0.0, at),)),
        Set("last", whole(-1)),
        Set("start", _zero()),
        Set("turn", whole(0)),
        While(
            turn < size,
            (
                Set("best", whole(-1)),
                For("i", size, (If(asks & waits & leads, (Set("best", _I),)),)),
                If(
                    best < 0,
                    (Set("turn", whole(size)),),
                    (
                        Set("start", where(last < 0, 0.0, start + step)),
                        desk.write(start, _FIRST + best),
                        Set("last", best),
                        Set("turn", turn + 1),
                    ),
                ),
            ),
        ),
    ]
    return rows(sizes[:-1], body)


def _filled(desk: Desk, sizes: Sequence[int]) -> Body:
    """The shares where starts and ends lie around the supply; between two of them everything is a straight line."""
    size = sizes[-1]
    at = _FIRST + _I
    mark, point, middle = local("mark", I32), local("point", F64), local("sum", F64)
    supply = desk.read("supply", _FIRST)

    def taken(time: Node) -> Node:
        share = binary("min", binary("max", time - desk.read("start", at), 0.0), 1.0)
        return desk.read("request", at) * share

    def seen(end: float) -> Body:
        return (
            Set("point", desk.read("start", _FIRST + mark) + end),
            *summed("sum", size, taken(point)),
            If(
                middle < supply,
                (Set("high", binary("max", _HIGH, point)),),
                (Set("low", binary("min", _LOW, point)),),
            ),
        )

    search: Body = (
        Set("high", _zero()),
        Set("low", constant(float("inf"))),
        For("mark", size, (*seen(0.0), *seen(1.0))),
    )
    return _limited(desk, size, sizes[:-1], search, taken)


ROWS = (
    Builtin(
        name="allocate_available",
        params=("request", "profile", "supply"),
        units="a, *, a -> a",
        meaning="Each request's part of a supply that may be less than all of them, by curves of priority: the profile "
        "is the first of four elements, a type (1 rectangular, 2 triangular, 3 normal, 4 exponential), the priority, "
        "the width, and one more that these types do not use.",
        mdl=("ALLOCATE AVAILABLE",),
        xmile=("ALLOCATE AVAILABLE",),
        expand=_available,
        arrays=True,
    ),
    Builtin(
        name="allocate",
        params=("supply", "dimension", "request", "priority", "width", "type"),
        units="a, *, a, *, *, * -> a",
        meaning="Each request's part of a supply, by curves of priority along a dimension.",
        xmile=("ALLOCATE",),
        expand=_stella,
        arrays=True,
    ),
    Builtin(
        name="allocate_by_priority",
        params=("request", "priority", "size", "width", "supply"),
        units="a, b, *, b, a -> a",
        meaning="Each request's part of a supply, highest priority first; the next ones join when the share of the one "
        "before reaches their distance in priority over the width.",
        mdl=("ALLOCATE BY PRIORITY",),
        xmile=("ALLOCATE BY PRIORITY",),
        expand=_by_priority,
        arrays=True,
    ),
)

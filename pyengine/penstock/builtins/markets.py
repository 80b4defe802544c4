"""What demanders and suppliers want at a price, by the curves of `allocation`, and the price where the two meet.

A demander takes its share of what would satisfy it, which falls with the price; a supplier's share of its capacity
rises as a demander's falls. Curves are symmetric, so that a supplier's is a demander's with the sign of z reversed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import inf, nan

from ..expr import Binary, Call, Expr, Reference, Subscript
from ..ir import For, If, Node, Set, While, binary, constant, local, where
from ..model import Ident
from ..ops import F64, I32
from .allocation import HALVINGS, REACH, share_of, summed
from .table import Body, Builtin, Desk, Expansion
from .vectors import rows, whole

_ADVICE = "Give the first of four elements: type, priority, width and extra."
_SIDES = ("demand", "supply")
_CLOSE = 1e-9
_I, _TURN, _ROW = local("i", I32), local("turn", I32), local("row", I32)
_LOW, _HIGH, _MIDDLE = (local(name, F64) for name in ("low", "high", "middle"))


def _at_price(demand: bool) -> Callable[..., Expr]:
    def expand(expansion: Expansion, quantity: Expr, profile: Expr, price: Expr) -> Expr:
        parts = _curve(expansion, profile)
        if parts is None:
            return expansion.refuse("such a priority profile", _ADVICE)
        kind, priority, width = parts
        gap = Binary("-", price, priority) if demand else Binary("-", priority, price)
        return Binary("*", quantity, Call("priority_share", (kind, Binary("/", gap, width))))

    return expand


def _curve(expansion: Expansion, profile: Expr) -> tuple[Reference, Reference, Reference] | None:
    parts = expansion.following(profile, 4)
    return None if parts is None else (parts[0], parts[1], parts[2])


def _market(
    expansion: Expansion, demand: Expr, demand_profile: Expr, supply: Expr, supply_profile: Expr
) -> Expr:
    values: dict[str, Expr] = {}
    keys: dict[str, Ident] = {}
    for side, quantity, profile in zip(
        _SIDES, (demand, supply), (demand_profile, supply_profile), strict=True
    ):
        parts = _curve(expansion, profile)
        given = None if parts is None else from_first(expansion, quantity)
        if parts is None or given is None:
            advice = "Give quantities and profiles by the first element of each dimension, as in q[first]."
            return expansion.refuse("FIND MARKET PRICE of such quantities or profiles", advice)
        values[side], keys[side] = given
        for name, part in zip(("kind", "priority", "width"), parts, strict=True):
            stars = (*part.subscripts[:-2], Subscript("*"), part.subscripts[-1])
            values[f"{side} {name}"] = replace(part, subscripts=stars)
    outer = tuple(loop for loop in expansion.loops(*values.values()) if loop not in keys.values())
    inputs = {
        name: expansion.array(name, value, (*outer, keys[name.partition(" ")[0]]))
        for name, value in values.items()
    }
    sizes = [expansion.length(loop) for loop in outer]
    counts = {side: expansion.length(key) for side, key in keys.items()}
    price = expansion.calculated("price", inputs, outer, lambda desk: _cleared(desk, sizes, counts))
    return expansion.at_home(price, outer)


def from_first(expansion: Expansion, quantity: Expr) -> tuple[Expr, Ident] | None:
    """All elements along the last dimension of an array, which is given by the first, and the loop over them."""
    if not isinstance(quantity, Reference) or not quantity.subscripts or not expansion.is_variable(quantity):
        return None
    stars = replace(quantity, subscripts=(*quantity.subscripts[:-1], Subscript("*")))
    key = expansion.vector(stars)
    if key is None or expansion.following(quantity, expansion.length(key)) is None:
        return None
    return stars, key


def _cleared(desk: Desk, sizes: Sequence[int], counts: Mapping[str, int]) -> Body:
    """The price where demand stops to exceed supply, if it is there that supply starts to exceed demand: NaN where
    the two are equal over a range of prices."""

    def at(side: str) -> Node:
        return _ROW * counts[side] + _I

    def term(side: str, sign: float) -> Node:
        gap = (_MIDDLE - desk.read(f"{side} priority", at(side))) * sign
        z = gap / desk.read(f"{side} width", at(side))
        return desk.read(side, at(side)) * share_of(desk.read(f"{side} kind", at(side)), z)

    def widened(side: str) -> For:
        reach = desk.read(f"{side} width", at(side)) * REACH
        middle = desk.read(f"{side} priority", at(side))
        ends = (
            Set("least", binary("min", local("least", F64), middle - reach)),
            Set("most", binary("max", local("most", F64), middle + reach)),
        )
        return For("i", counts[side], ends)

    def search(moves_up: Node) -> Body:
        halve = (
            Set("middle", _LOW + (_HIGH - _LOW) * 0.5),
            *summed("wanted", counts["demand"], term("demand", 1.0)),
            *summed("offered", counts["supply"], term("supply", -1.0)),
            If(moves_up, (Set("low", _MIDDLE),), (Set("high", _MIDDLE),)),
            Set("turn", _TURN + 1),
        )
        return (
            Set("low", local("least", F64)),
            Set("high", local("most", F64)),
            Set("turn", whole(0)),
            While(_TURN < HALVINGS, halve),
        )

    wanted, offered, ceases = local("wanted", F64), local("offered", F64), local("ceases", F64)
    tolerance = (abs(ceases) + abs(_LOW) + 1.0) * _CLOSE
    body: Body = (
        Set("least", constant(inf)),
        Set("most", constant(-inf)),
        *map(widened, _SIDES),
        *search(offered < wanted),
        Set("ceases", _LOW),
        *search(offered <= wanted),
        desk.write(where(_LOW - ceases <= tolerance, ceases + (_LOW - ceases) * 0.5, nan), _ROW),
    )
    return rows(sizes, body)


ROWS = (
    Builtin(
        name="priority_share",
        params=("type", "z"),
        within=(0.0, 1.0),
        slopes={"z": "-"},
        units="*, 1 -> 1",
        meaning="The share that a curve of priority leaves, z widths above the priority: 1 far below, 0 far above."
        " Types are those of `allocate_available`; for others it is NaN.",
        lower=share_of,
        examples=(
            ("priority_share(1, 0.25)", 0.25),
            ("priority_share(2, 0.25)", 0.125),
            ("priority_share(3, 0)", 0.5),
            ("priority_share(4, 0)", 0.5),
            ("priority_share(5, 0)", nan),
        ),
    ),
    Builtin(
        name="demand_at_price",
        params=("quantity", "profile", "price"),
        units="a, *, b -> a",
        meaning="What a demander takes at a price, of the quantity that would satisfy it; the profile is the first of"
        " four elements, as in `allocate_available`.",
        mdl=("DEMAND AT PRICE",),
        expand=_at_price(demand=True),
        arrays=True,
    ),
    Builtin(
        name="supply_at_price",
        params=("quantity", "profile", "price"),
        units="a, *, b -> a",
        meaning="What a supplier gives at a price, of its capacity; the profile is the first of four elements, as in"
        " `allocate_available`.",
        mdl=("SUPPLY AT PRICE",),
        expand=_at_price(demand=False),
        arrays=True,
    ),
    Builtin(
        name="find_market_price",
        params=("demand", "demand_profile", "supply", "supply_profile"),
        units="a, *, a, * -> *",
        meaning="The price at which all demanders together take what all suppliers give; quantities and profiles are"
        " named by their first elements. NaN where any price of a range would do.",
        mdl=("FIND MARKET PRICE",),
        expand=_market,
        arrays=True,
    ),
)

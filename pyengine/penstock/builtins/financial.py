"""Stella's financial functions: each solves one equation for one of its values.

``pv * (1 + rate)^n + pmt * ((1 + rate)^n - 1) / rate + fv = 0``, and ``pv + pmt * n + fv = 0`` where the rate is 0: a
value now, a payment at the end of each of n periods, and a value then; what is paid out is negative.
"""

from __future__ import annotations

from ..ir import Node, equal, where
from ..library.power import pow_
from .table import Builtin


def _growth(rate: Node, periods: Node) -> tuple[Node, Node]:
    """What 1 grows to, and what payments of 1 do."""
    growth = pow_(1.0 + rate, periods)
    return growth, where(equal(rate, 0.0), periods, (growth - 1.0) / rate)


def _future_value(rate: Node, periods: Node, payment: Node, present: Node) -> Node:
    growth, payments = _growth(rate, periods)
    return -(present * growth + payment * payments)


def _present_value(rate: Node, periods: Node, payment: Node, future: Node) -> Node:
    growth, payments = _growth(rate, periods)
    return -(future + payment * payments) / growth


def _payment(rate: Node, periods: Node, present: Node, future: Node) -> Node:
    growth, payments = _growth(rate, periods)
    return -(present * growth + future) / payments


ROWS = (
    Builtin(
        name="fv",
        params=("rate", "periods", "payment", "present_value"),
        units="1, 1, a, a -> a",
        meaning="Future value of a present one and of a payment at the end of each period; what is paid is negative.",
        xmile=("FV",),
        lower=_future_value,
        examples=(("fv(0.5, 2, -10, -100)", 250.0), ("fv(0, 3, -10, -5)", 35.0)),
    ),
    Builtin(
        name="pv",
        params=("rate", "periods", "payment", "future_value"),
        units="1, 1, a, a -> a",
        meaning="Present value of a future one and of a payment at the end of each period; what is paid is negative.",
        xmile=("PV",),
        lower=_present_value,
        examples=(("pv(0.5, 2, -90, 0)", 100.0), ("pv(0, 3, -10, 35)", -5.0)),
    ),
    Builtin(
        name="pmt",
        params=("rate", "periods", "present_value", "future_value"),
        units="1, 1, a, a -> a",
        meaning="Payment at the end of each period that turns a present value into a future one; what is paid is"
        " negative.",
        xmile=("PMT",),
        lower=_payment,
        examples=(("pmt(0.5, 2, 100, 0)", -90.0), ("pmt(0, 4, 100, 0)", -25.0)),
    ),
)

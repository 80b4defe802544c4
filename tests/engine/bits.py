"""Comparing results to the last bit, and the values that are worth trying."""

import math
from array import array
from collections.abc import Iterable, Sequence

from penstock.ops import bits_of, float_of

INF, NAN = math.inf, math.nan


def same(a: float, b: float) -> bool:
    """Whether two doubles are the same bits; one NaN is as good as another, and like nothing else."""
    return (a != a and b != b) or bits_of(a) == bits_of(b)


def first_difference(a: Sequence[float], b: Sequence[float]) -> int | None:
    """The first place where two series are not the same, be it the end of one of them."""
    if array("d", a).tobytes() == array("d", b).tobytes():
        return None
    for place, (x, y) in enumerate(zip(a, b, strict=False)):
        if not same(x, y):
            return place
    return None if len(a) == len(b) else min(len(a), len(b))


def assert_same(a: Sequence[float], b: Sequence[float], what: str = "") -> None:
    place = first_difference(a, b)
    if place is not None:
        assert len(a) == len(b), f"{what}: {len(a)} values and {len(b)}"
        raise AssertionError(f"{what}: {a[place]!r} and {b[place]!r} at place {place}")


def signed(values: Iterable[float]) -> list[float]:
    """The values and their negatives, no value twice."""
    return list(map(float_of, dict.fromkeys(bits_of(x) for value in values for x in (value, -value))))


def neighbours(x: float) -> tuple[float, float, float]:
    return math.nextafter(x, -INF), x, math.nextafter(x, INF)


SPECIAL = signed(
    [
        0.0,
        5e-324,
        1e-310,
        *neighbours(2.0**-1022),
        1e-16,
        0.1,
        *neighbours(0.5),
        *neighbours(1.0),
        1.5,
        2.0,
        2.5,
        3.0,
        1e10,
        *neighbours(2.0**31),
        2.0**31 - 0.5,
        2.0**31 - 1,
        2.0**32 - 1,
        2.0**32,
        2.0**51 + 0.5,
        *neighbours(2.0**52),
        2.0**53 - 1,
        2.0**53,
        2.0**53 + 2,
        *neighbours(2.0**63),
        2.0**64,
        1e300,
        1.7976931348623157e308,
        INF,
        NAN,
    ]
)
"""Zeros, subnormals, halves, the borders of integers and of doubles, infinities and NaN, of both signs."""

PAIRS = signed(
    [
        0.0,
        5e-324,
        1e-310,
        2.0**-1022,
        0.1,
        0.5,
        *neighbours(1.0),
        1.5,
        3.0,
        1e10,
        2.0**31,
        2.0**52 + 0.5,
        2.0**53,
        2.0**63,
        1e300,
        1.7976931348623157e308,
        INF,
        NAN,
    ]
)
"""The same for cross products of two."""

FEW = signed([0.0, 5e-324, 0.5, 1.0, 2.5, 3.0, 2.0**31, 1e300, INF, NAN])
"""The same for cross products of three."""


def integers(bits: int) -> list[int]:
    """The borders of unsigned and signed integers of so many bits, held unsigned."""
    top = 1 << bits
    near = [0, 1, 2, 31, 32, 33, 63, 64, 65, 0x5555555555555555, 0x0123456789ABCDEF]
    near += [1 << power for power in (16, 31, 32, 53, 63)]
    near += [(1 << power) + 1 for power in (53, 63)] + [(1 << power) - 1 for power in (31, 53, 63)]
    values = [*near, *(-x for x in near), top // 2 + 1, top // 2 - 1]
    return list(dict.fromkeys(x % top for x in values))

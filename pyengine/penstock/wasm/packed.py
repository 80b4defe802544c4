"""The points of lookups as a blob carries them: few bytes each, written out in memory when it starts.

An array of doubles is a word that says how, and numbers of so many bytes each: whole numbers to be divided by a
power of ten, which gives the same double where all of them come from short decimals, or else the doubles
themselves. A lookup is two words, for its x and its y: how many points, and in the upper half where the array is.
Arrays that are equal stand there once. All words have eight bytes; places count bytes from the start of what
`packed` yields.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

from ..library.lookups import placed

RAW = 8
"""The width of doubles that are not taken apart."""
_MOST_DIGITS = 22  # 10^22 is the last power of ten that is a double
_EXACT = 1 << 53


@dataclass
class _Latest:
    """The region that was packed last: it is asked for several times in a row."""

    points: Sequence[float | int] = ()
    lookups: tuple[tuple[int, int], ...] = ()
    content: bytes = b""


_latest = _Latest()


def packed(points: Sequence[float | int]) -> bytes:
    """The lookups' words, then the arrays."""
    _remember(points)
    return _latest.content


def count(points: Sequence[float | int]) -> int:
    """How many lookups a region holds."""
    _remember(points)
    return len(_latest.lookups)


def _remember(points: Sequence[float | int]) -> None:
    if points is not _latest.points:
        _latest.lookups = tuple(placed(points))
        _latest.content = _packed(points, _latest.lookups)
        _latest.points = points


def _packed(points: Sequence[float | int], found: Sequence[tuple[int, int]]) -> bytes:
    places: dict[bytes, int] = {}
    words, arrays, end = [], [], 16 * len(found)
    for at, n in found:
        where: list[int] = []
        for first in (at, at + 1):
            array = _array(struct.pack(f"<{n}d", *points[first : at + 3 * n : 3]))
            if array not in places:
                places[array] = end
                arrays.append(array)
                end += len(array)
            where.append(places[array])
        words += [n | place << 32 for place in where]
    return struct.pack(f"<{len(words)}Q", *words) + b"".join(arrays)


@lru_cache(maxsize=4096)
def _array(doubles: bytes) -> bytes:
    """The word holds the bytes of each number and the decimals."""
    values = struct.unpack(f"<{len(doubles) // 8}d", doubles)
    decimals = max(map(_decimals, values))
    scale = 10**decimals if decimals <= _MOST_DIGITS else 0
    whole: list[int] = []
    if scale and max(map(abs, values)) * scale < _EXACT:
        whole = [round(value * scale) for value in values]
        if any(map(_differs, whole, values, repeat(scale))):
            whole = []
    if not whole:
        return struct.pack(f"<Q{len(values)}d", RAW, *values)
    width = max((number if number >= 0 else ~number).bit_length() for number in whole) // 8 + 1
    numbers = b"".join(number.to_bytes(width, "little", signed=True) for number in whole)
    return struct.pack("<Q", width | decimals << 8) + numbers


def _differs(number: int, value: float, scale: int) -> bool:
    return number / scale != value or (not number and math.copysign(1.0, value) < 0)


def _decimals(value: float) -> int:
    """How many decimals the shortest way to write a double has."""
    if not math.isfinite(value):
        return _MOST_DIGITS + 1
    mantissa, _, exponent = repr(value).partition("e")
    digits = len(mantissa.partition(".")[2].rstrip("0"))
    return max(0, digits - int(exponent or 0))

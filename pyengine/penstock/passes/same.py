"""Whether two parts of a model say the same from the same places: then one can stand for the other.

Stricter than ``==``, which lets spans and the sign of zero differ.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from ..ops import bits_of
from ..place import Span

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


def same(a: Any, b: Any) -> bool:
    """Compares dataclasses field by field and tuples item by item; what is neither must be equal."""
    if a is b:
        return True
    kind = type(a)
    if kind is not type(b):
        return False
    if kind is Span:
        return a.within is b.within and a.low == b.low and a.high == b.high
    if kind is tuple:
        return len(a) == len(b) and _all_same(a, b)
    if kind is float:
        return bits_of(a) == bits_of(b)
    if is_dataclass(kind):
        values = _values(kind)
        return _all_same(values(a), values(b))
    return bool(a == b)


def _all_same(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    return all(x is y or same(x, y) for x, y in zip(a, b, strict=True))


@cache
def _values(kind: Any) -> Callable[[Any], tuple[Any, ...]]:
    """Yields the values of all fields of a dataclass."""
    names = [item.name for item in fields(kind)]
    return attrgetter(*names) if len(names) > 1 else lambda item: tuple(getattr(item, name) for name in names)


def kept_one(known: T | None, made: T) -> T:
    """The object that is known, if it says the same as the one that was made."""
    return known if known is not None and same(known, made) else made


def kept(known: Mapping[K, T], made: Mapping[K, T]) -> dict[K, T]:
    """The same for each entry of a table."""
    return {key: kept_one(known.get(key), item) for key, item in made.items()}

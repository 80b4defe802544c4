"""What the tests compare with sees every difference: NaN against a number, signs of zeros, lengths, single bits."""

import math
from itertools import product

import pytest

from engine.bits import SPECIAL, assert_same, first_difference, same
from penstock.ops import bits_of, float_of

pytestmark = pytest.mark.smoke


def test_nan_is_like_any_nan_and_unlike_everything_else() -> None:
    others = [float_of(bits) for bits in (0x7FF8 << 48, 0xFFF8 << 48, 0x7FF8 << 48 | 5)]
    for nan in others:
        assert same(nan, math.nan)
        for value in SPECIAL:
            assert same(nan, value) == same(value, nan) == math.isnan(value)
        for value in (0.0, 1.0, math.inf):
            assert first_difference([1.0, nan], [1.0, value]) == 1
            assert first_difference([1.0, value], [1.0, nan]) == 1
            with pytest.raises(AssertionError):
                assert_same([nan], [value])
    assert first_difference([math.nan, *others], [*others, math.nan]) is None


def test_doubles_are_the_same_only_where_their_bits_are() -> None:
    for a, b in product(SPECIAL, repeat=2):
        if a == a and b == b:
            assert same(a, b) == (bits_of(a) == bits_of(b))
    assert not same(0.0, -0.0)
    assert not same(1.0, math.nextafter(1.0, 2.0))


def test_series_of_other_lengths_differ() -> None:
    assert first_difference([1.0, 2.0], [1.0]) == 1
    assert first_difference([], [math.nan]) == 0
    with pytest.raises(AssertionError, match="2 values and 1"):
        assert_same([1.0, 2.0], [1.0])

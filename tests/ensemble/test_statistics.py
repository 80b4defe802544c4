"""Statistics of many runs: held against numpy's, equal to the bit with and without it, however they are merged."""

from array import array
from fractions import Fraction

import numpy
import pytest

from penstock.ensemble.statistics import Moments, Sketch, histogram, percentiles

CELLS = 40
SHARES = (0, 5, 50, 97.5, 100)


@pytest.fixture(scope="module")
def table() -> numpy.ndarray:
    """Runs × cells of many sizes, with holes, infinities, signed zeros and a cell without any number."""
    random = numpy.random.default_rng(1)
    made = random.normal(size=(200, CELLS)) * 10 ** random.uniform(-6, 6, CELLS)
    made[random.random(made.shape) < 0.02] = numpy.nan
    made[3, 4], made[4, 4] = numpy.inf, -numpy.inf
    made[:, 7] = numpy.nan
    made[:, 9] = numpy.where(random.random(200) < 0.5, -0.0, 0.0)
    return made


def flat(table: numpy.ndarray) -> array:  # type: ignore[type-arg]
    return array("d", table.tobytes())


def moments(table: numpy.ndarray, plain: bool = False) -> Moments:
    made = Moments(CELLS)
    made.add(flat(table), plain)
    return made


def finite(table: numpy.ndarray, cell: int) -> numpy.ndarray:
    column = table[:, cell]
    return column[numpy.isfinite(column)]


def bits(made: Moments) -> list[bytes]:
    return [getattr(made, name).tobytes() for name in ("count", "mean", "squares", "low", "high")]


def test_moments_are_those_of_exact_arithmetic(table: numpy.ndarray) -> None:
    made = moments(table)
    means, deviations = made.means(), made.deviations()
    for cell in range(CELLS):
        column = [Fraction(x) for x in finite(table, cell).tolist()]
        assert made.count[cell] == len(column)
        if len(column) < 2:
            assert means[cell] != means[cell]
            continue
        mean = sum(column) / len(column)
        variance = sum((x - mean) ** 2 for x in column) / (len(column) - 1)
        # Welford's formulas are good to some units in the last place of the spread.
        assert abs(means[cell] - float(mean)) <= 1e-14 * float(variance) ** 0.5
        assert deviations[cell] == pytest.approx(float(variance) ** 0.5, rel=1e-13)
        assert (made.low[cell], made.high[cell]) == (min(column), max(column))


def test_numpy_and_plain_python_agree_to_the_bit(table: numpy.ndarray) -> None:
    assert bits(moments(table)) == bits(moments(table, plain=True))
    with_, without = (percentiles(flat(table), CELLS, SHARES, plain) for plain in (False, True))
    assert [row.tobytes() for row in with_] == [row.tobytes() for row in without]


def test_chunks_merge_to_what_all_runs_have(table: numpy.ndarray) -> None:
    merged = Moments(CELLS)
    for first in range(0, len(table), 33):
        merged.merge(moments(table[first : first + 33]))
    whole = moments(table)
    assert merged.runs == whole.runs == 200
    assert merged.count == whole.count
    assert (merged.low, merged.high) == (whole.low, whole.high)
    numpy.testing.assert_allclose(merged.deviations(), whole.deviations(), rtol=1e-13)


def test_percentiles_are_numpys(table: numpy.ndarray) -> None:
    """To 1e-15 of the spread: numpy interpolates from the nearer side."""
    found = percentiles(flat(table), CELLS, SHARES)
    for cell in range(CELLS):
        column = finite(table, cell)
        for place, share in enumerate(SHARES):
            if not len(column):
                assert found[place][cell] != found[place][cell]
            else:
                wanted = numpy.percentile(column, share)
                assert abs(found[place][cell] - wanted) <= 1e-15 * max(numpy.ptp(column), 1e-300)


def test_a_sketchs_percentiles_are_off_by_half_a_thousandth_at_most(table: numpy.ndarray) -> None:
    sketch = Sketch(CELLS)
    sketch.add(flat(table))
    found = sketch.percentiles(SHARES)
    for cell in range(CELLS):
        column = finite(table, cell)
        for place, share in enumerate(SHARES):
            if len(column):
                wanted = numpy.percentile(column, share, method="lower")
                assert abs(found[place][cell] - wanted) <= 2**-11 * abs(wanted) * (1 + 1e-9)


def test_sketches_merge_in_any_order(table: numpy.ndarray) -> None:
    parts = []
    for first in (0, 70, 140):
        parts.append(Sketch(CELLS))
        parts[-1].add(flat(table[first : first + 70]))
    whole = Sketch(CELLS)
    whole.add(flat(table))
    for order in ((2, 0, 1), (1, 2, 0)):
        merged = Sketch(CELLS)
        for part in order:
            merged.merge(parts[part])
        assert merged.bins == whole.bins


def test_a_histogram_counts_as_numpys_does(table: numpy.ndarray) -> None:
    for cell in (0, 1, 4, 9):
        column = finite(table, cell)
        edges, counts = histogram(table[:, cell].tolist(), 13)
        wanted, wanted_edges = numpy.histogram(column, 13)
        assert counts == wanted.tolist()
        numpy.testing.assert_allclose(edges, wanted_edges, rtol=1e-12, atol=1e-300)

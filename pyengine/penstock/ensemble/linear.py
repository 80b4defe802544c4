"""The little linear algebra that studies need, with exact sums, so that it is the same everywhere."""

from __future__ import annotations

import math

Columns = list[list[float]]


def cholesky(matrix: Columns) -> Columns | None:
    """The lower triangle whose product with its transpose is the matrix; None where there is none."""
    lower = [[0.0] * len(matrix) for _ in matrix]
    for i in range(len(matrix)):
        for j in range(i + 1):
            rest = matrix[i][j] - math.fsum(lower[i][k] * lower[j][k] for k in range(j))
            if i == j:
                if rest <= 1e-12:
                    return None
                lower[i][i] = math.sqrt(rest)
            else:
                lower[i][j] = rest / lower[j][j]
    return lower


def solved(lower: Columns, right: list[float]) -> list[float]:
    """The vector that the lower triangle makes `right` of."""
    found: list[float] = []
    for i, row in enumerate(lower):
        found.append((right[i] - math.fsum(row[k] * found[k] for k in range(i))) / row[i])
    return found

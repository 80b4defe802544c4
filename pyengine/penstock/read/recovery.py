"""Going on after an error, so that a file's errors are reported together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import Diagnostic, PenstockError

MAX_FINDINGS = 500
"""More are not collected: a file with so many is no model, and reading on could take for ever."""


@contextmanager
def recovering(findings: list[Diagnostic]) -> Iterator[None]:
    """Collect the errors that end the block, and go on behind it."""
    try:
        yield
    except PenstockError as problem:
        report(findings, *problem.diagnostics)


def report(findings: list[Diagnostic], *found: Diagnostic) -> None:
    """Add to the findings; give up reading when there are too many."""
    findings.extend(found)
    if len(findings) >= MAX_FINDINGS:
        raise PenstockError(findings[:MAX_FINDINGS])

"""Going on after an error, so that a file's errors are reported together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..changing import replace
from ..errors import Diagnostic, PenstockError
from ..model import Unread

MAX_FINDINGS = 500
"""More are not collected: a file with so many is no model, and reading on could take for ever."""


@contextmanager
def recovering(
    findings: list[Diagnostic],
    unread: list[Unread] | None = None,
    part: Callable[[], Unread] = lambda: Unread(""),
) -> Iterator[None]:
    """Collect the errors that end the block, and go on behind it; `unread` gets the part that the block reads, if
    that has a name."""
    try:
        yield
    except PenstockError as problem:
        errors = tuple(item for item in problem.diagnostics if item.severity == "error")
        if unread is not None and errors and (found := part()).name:
            unread.append(replace(found, reasons=errors))
        report(findings, *problem.diagnostics)


def report(findings: list[Diagnostic], *found: Diagnostic) -> None:
    """Add to the findings; give up reading when there are too many."""
    findings.extend(found)
    if len(findings) >= MAX_FINDINGS:
        raise PenstockError(findings[:MAX_FINDINGS])

"""What a careful colleague would point out in a model that compiles: nothing is wrong, something may be meant
otherwise.

`penstock check` and editors show hints; compiling does not wait for them.
"""

from __future__ import annotations

from collections.abc import Callable

from ..compiler import Compiled
from ..errors import Diagnostic
from .gaps import gaps
from .names import shadowing, unused
from .steps import coarse_step
from .stocks import unmoving

RULES: tuple[Callable[[Compiled], list[Diagnostic]], ...] = (
    gaps,
    unused,
    shadowing,
    unmoving,
    coarse_step,
)


def hints(compiled: Compiled) -> tuple[Diagnostic, ...]:
    """The findings of all rules, in the order of the text."""
    found = [item for rule in RULES for item in rule(compiled)]
    return tuple(sorted(found, key=lambda item: item.span.start))

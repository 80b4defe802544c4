"""Several places that do not fit may have one cause: a variable with the wrong units, or two names for one unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ...model import Ident
from ...units import ONE, Unit
from .equations import Requirement

MOST = 400
"""Beyond so many faults there is no looking for common causes."""

Check = Callable[[Requirement, Mapping[Ident, Unit | None]], Unit | bool | None]
"""Whether a requirement is met if some variables had other units; with None for one, the units that it needs."""


@dataclass(frozen=True, slots=True)
class Culprit:
    """A variable whose other units would put requirements right that have several faults together."""

    ident: Ident
    needed: Unit
    cured: tuple[Requirement, ...]
    faults: int


def culprits(
    failing: Mapping[Requirement, int],
    uses: Mapping[Ident, list[Requirement]],
    mentioned: Callable[[Requirement], Iterable[Ident]],
    check: Check,
) -> list[Culprit]:
    """Variables to blame, the one that explains most first; a requirement is explained once.

    `failing` says how many faults each requirement has. Other units must cure two faults at least, and more than
    twice as many as the requirements that they break.
    """
    left = dict(failing)
    if len(left) > MOST:
        return []
    search = _Search(uses, mentioned, check)
    found: list[Culprit] = []
    while (best := search.best(left)) is not None:
        found.append(best)
        left = {item: count for item, count in left.items() if item not in best.cured}
    return found


class _Search:
    """For the variable that explains most; what is once checked is kept."""

    def __init__(
        self,
        uses: Mapping[Ident, list[Requirement]],
        mentioned: Callable[[Requirement], Iterable[Ident]],
        check: Check,
    ) -> None:
        self.uses = uses
        self.mentioned = mentioned
        self.needs = lru_cache(maxsize=None)(lambda ident, item: check(item, {ident: None}))
        self.holds = lru_cache(maxsize=None)(lambda ident, unit, item: check(item, {ident: unit}))

    def best(self, failing: Mapping[Requirement, int]) -> Culprit | None:
        shared: dict[Ident, list[Requirement]] = defaultdict(list)
        for item in failing:
            for ident in set(self.mentioned(item)):
                shared[ident].append(item)
        found: tuple[int, Culprit] | None = None
        for ident in sorted(shared):
            candidate = self._candidate(ident, shared[ident], failing)
            if candidate is not None and (found is None or candidate[0] > found[0]):
                found = candidate
        return found[1] if found else None

    def _candidate(
        self, ident: Ident, shared: list[Requirement], failing: Mapping[Requirement, int]
    ) -> tuple[int, Culprit] | None:
        """How many more faults other units of a variable cure than they make, if it is to blame."""
        if sum(failing[item] for item in shared) < 2:
            return None
        counts: Counter[Unit] = Counter()
        for item in shared:
            if isinstance(unit := self.needs(ident, item), Unit):
                counts[unit] += failing[item]
        needed, faults = counts.most_common(1)[0] if counts else (ONE, 0)
        if faults < 2:
            return None
        cured = tuple(item for item in shared if self.needs(ident, item) == needed)
        others = (item for item in self.uses[ident] if item not in failing)
        broken = sum(self.holds(ident, needed, item) is False for item in others)
        return (faults - broken, Culprit(ident, needed, cured, faults)) if faults > 2 * broken else None


def same_names(gap: Unit) -> tuple[str, str] | None:
    """The two names that a gap between units is a matter of, where they look like one name written in two ways."""
    if len(gap.powers) != 2 or gap.powers[0][1] != -gap.powers[1][1]:
        return None
    (left, _), (right, _) = gap.powers
    return (left, right) if _plain(left) == _plain(right) else None


def _plain(name: str) -> str:
    """A name without what people write in one way here and in another there."""
    name = name.replace("_", "").replace("-", "").replace(".", "")
    if name.endswith("ss"):
        return name
    for ending, instead in (("ies", "y"), ("ses", "s"), ("xes", "x"), ("ches", "ch"), ("s", "")):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending) + instead
    return name

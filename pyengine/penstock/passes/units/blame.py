"""Several places that do not fit may have one cause: a variable with the wrong units, or two names for one unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

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
    found: list[Culprit] = []
    if len(left) > MOST:
        return found
    while True:
        best = _best(left, uses, mentioned, check)
        if best is None:
            return found
        found.append(best)
        left = {item: count for item, count in left.items() if item not in best.cured}


def _best(
    failing: Mapping[Requirement, int],
    uses: Mapping[Ident, list[Requirement]],
    mentioned: Callable[[Requirement], Iterable[Ident]],
    check: Check,
) -> Culprit | None:
    shared: dict[Ident, list[Requirement]] = defaultdict(list)
    for item in failing:
        for ident in set(mentioned(item)):
            shared[ident].append(item)
    best: tuple[int, Culprit] | None = None
    for ident in sorted(ident for ident, items in shared.items() if sum(map(failing.__getitem__, items)) > 1):
        needs = [(item, check(item, {ident: None})) for item in shared[ident]]
        counts: Counter[Unit] = Counter()
        for item, unit in needs:
            if isinstance(unit, Unit):
                counts[unit] += failing[item]
        needed, faults = counts.most_common(1)[0] if counts else (ONE, 0)
        if faults < 2:
            continue
        cured = tuple(item for item, unit in needs if unit == needed)
        others = [item for item in uses[ident] if item not in shared[ident]]
        broken = sum(check(item, {ident: needed}) is False for item in others)
        gain = faults - broken
        if faults > 2 * broken and (best is None or gain > best[0]):
            best = gain, Culprit(ident, needed, cured, faults)
    return best[1] if best else None


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

"""Units that are not known yet, and what equations say of them: a linear system over the rationals.

An unknown is a name in a `Unit` that starts with ``?``. That two units are equal is one equation in the powers
of unknowns and base units, so elimination decides every question; there is nothing to guess or to search.
"""

from __future__ import annotations

from fractions import Fraction

from ...units import ONE, UNKNOWN, Unit, base, combined


def unknown(ident: str) -> Unit:
    return base(UNKNOWN + ident)


class Unknowns:
    """What has been found out so far; it only ever grows."""

    def __init__(self) -> None:
        self._solved: dict[str, Unit] = {}

    def reduced(self, unit: Unit) -> Unit:
        """The unit with what is known of its unknowns in their place."""
        given = unit
        while unit.is_sensible and any(name in self._solved for name in unit.unknowns):
            unit = combined((self._solved.get(name) or base(name), power) for name, power in unit.powers)
        if unit is not given and unit.is_sensible and given.powers[0][1] == 1 == len(given.powers):
            self._solved[given.powers[0][0]] = unit  # a shorter way next time
        return unit

    def unify(self, left: Unit, right: Unit) -> bool:
        """Hold two units to be equal; False where they cannot be, and then nothing is learned. Nor is anything from
        what is not sensible."""
        if left == right:
            return True
        gap = self.reduced(left / right)
        if not gap.unknowns:
            return gap == ONE
        if not gap.is_sensible:
            return True
        name = gap.unknowns[0]
        power = dict(gap.powers)[name]
        self._solved[name] = (gap / base(name) ** power) ** (Fraction(-1) / power)
        return True

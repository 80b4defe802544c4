"""Named streams of random numbers: a draw depends on the seed, the stream's name and how many went before it.

The same counter-based generator that models draw from (`library.random`), in plain Python. That streams have names,
and do not fork from each other, keeps the draws of one part the same whatever another part draws.
"""

from __future__ import annotations

from ..library.random import hash_of

_WORD = 0xFFFFFFFF
_MULTIPLIERS = 0xD2511F53, 0xCD9E8D57
_WEYL = 0x9E3779B9, 0xBB67AE85


def philox(key: int, counter: int) -> tuple[int, int, int, int]:
    """Philox-4x32-10: four words of 32 bits for a key of 64 bits and a counter of 128. Salmon et al., SC 2011."""
    a, b, c, d = (counter >> shift & _WORD for shift in (0, 32, 64, 96))
    k, m = key & _WORD, key >> 32 & _WORD
    for _ in range(10):
        p, q = _MULTIPLIERS[0] * a, _MULTIPLIERS[1] * c
        a, b, c, d = (q >> 32) ^ b ^ k, q & _WORD, (p >> 32) ^ d ^ m, p & _WORD
        k, m = (k + _WEYL[0]) & _WORD, (m + _WEYL[1]) & _WORD
    return a, b, c, d


class Streams:
    """The streams of one run; `counters` says how many draws each has given, which is all their state."""

    def __init__(self, seed: int, counters: dict[str, int] | None = None) -> None:
        self.seed = seed
        self.counters = dict(counters or {})

    def _words(self, name: str) -> tuple[int, int, int, int]:
        count = self.counters.get(name, 0)
        self.counters[name] = count + 1
        return philox(self.seed ^ hash_of(name), count)

    def uniform(self, name: str) -> float:
        """A multiple of 2^-53, from 0 on and below 1."""
        a, b, _, _ = self._words(name)
        return ((b << 32 | a) >> 11) * 2.0**-53

    def happens(self, name: str, probability: float) -> bool:
        """Whether it does: without a draw at 0 and 1."""
        if probability <= 0.0 or probability >= 1.0:
            return probability >= 1.0
        return self.uniform(name) < probability

"""The machine that runs bytecode; `bytecode.Code` says what the numbers mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..ops import bits_of
from .bytecode import Compiled


def execute(compiled: Compiled, functions: Mapping[str, Compiled], args: Sequence[float | int] = ()) -> Any:
    """The result of a function, None where it has none; `functions` are those that it may call, by name."""
    r: list[Any] = list(compiled.frame)
    r[: len(args)] = args
    code = compiled.code
    at = 0
    while True:
        kind, t, a, b = code[at]
        at += 1
        if kind == 1:
            x, y = b
            r[t] = a(r[x], r[y])
        elif kind == 3:
            r[t] = a[b]
        elif kind == 6:
            t[a] = r[b]
        elif kind == 0:
            r[t] = a(r[b])
        elif kind == 2:
            r[t] = r[a]
        elif kind == 10:
            if not r[a]:
                at = t
        elif kind == 9:
            at = t
        elif kind == 4:
            r[t] = a[0][a[1] + r[b]]
        elif kind == 8:
            r[t] = execute(functions[a], functions, [r[x] for x in b])
        elif kind == 5:
            value = a[0][a[1] + (r[b] if b >= 0 else 0)]
            r[t] = value if isinstance(value, int) else bits_of(value)
        elif kind == 7:
            t[a[0] + r[a[1]]] = r[b]
        elif kind == 11:
            return r[t] if t >= 0 else None
        else:
            t.extend([0.0] * (r[a] - len(t)))

"""What a model asks for, fetched before it is compiled: a run itself never waits for data."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import product
from typing import Any

from ..compiler import Compiled, compile_text
from ..errors import error, raise_if_any
from ..model import Model, canonical
from ..read import read_partially
from .methods import Series, asked


def needs(model: Model) -> tuple[str, ...]:
    """The names of a model's data variables, elements as ``name[a]``, whose values come with the run."""
    elements = {canonical(row.name): row.elements for row in model.dimensions}
    return tuple(
        f"{variable.name}[{','.join(labels)}]" if labels else variable.name
        for variable in model.variables
        for equation in variable.equations
        if equation.data and equation.external is None and equation.expr is None
        for labels in product(*(elements.get(canonical(name), (name,)) for name in equation.subscripts))
    )


async def compile_resolved(
    text: str, name: str, resolver: object, *, format: str | None = None, method: str | None = None
) -> Compiled:
    """Compile a model with exactly the series that it asks for, which are asked for side by side.

    Raises `PenstockError`, `ResolverError` where a series cannot be had.
    """
    result = read_partially(text, name, format)
    raise_if_any(result.findings)
    wanted = needs(result.model)
    found = await asyncio.gather(*(asked(resolver, "getSeries", each) for each in wanted))
    data = {"resolved.dat": written(zip(wanted, found, strict=True))} if wanted else {}
    return compile_text(text, name, format, method, data=data)


def written(series: Iterable[tuple[str, Any]]) -> bytes:
    """Series as a run's data file, to the last bit."""
    lines = []
    for name, row in series:
        assert isinstance(row, Series)
        if not row.t:
            raise error("PEN536", name=name, reason="it is empty", advice="Give it at least one value.")
        lines.append(name)
        lines += [f"{t!r}\t{v!r}" for t, v in zip(row.t, row.v, strict=True)]
    return "\n".join([*lines, ""]).encode()

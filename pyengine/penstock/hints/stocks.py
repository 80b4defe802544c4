"""Stocks that nothing can change."""

from __future__ import annotations

from ..compiler import Compiled
from ..errors import Diagnostic, finding
from ..expr import Number
from ..model import Stock


def unmoving(compiled: Compiled) -> list[Diagnostic]:
    whole = compiled.model
    return [
        finding("PEN804", variable.span, name=variable.name)
        for model in (whole, *whole.submodels)
        for variable in model.variables
        if isinstance(variable, Stock) and not (variable.inflows or variable.outflows or _has_rate(variable))
    ]


def _has_rate(stock: Stock) -> bool:
    return any(equation.rate not in (None, Number(0.0)) for equation in stock.equations)

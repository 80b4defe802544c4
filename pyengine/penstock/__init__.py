"""Penstock: a system dynamics workbench. Models in, WebAssembly and exact results out.

>>> import penstock
>>> model = penstock.loads("stock Tea = 180\\n  out cooling\\nflow cooling = (Tea - 70) / 10\\ntime 0 to 30 by 0.125")
>>> run = penstock.simulate(model)
>>> round(run["Tea"][-1], 3)
75.374
"""

__version__ = "0.1.0"

from .compiler import Compiled, compile_file, compile_text
from .errors import Diagnostic, PenstockError
from .passes.units import UnitReport, check_units
from .results import Results
from .run import Simulation, simulate, slices

load = compile_file


def loads(
    text: str, name: str = "model.pen", format: str | None = None, method: str | None = None
) -> Compiled:
    """Compile a model's text, our own format where neither `name` nor `format` say otherwise."""
    return compile_text(text, name, format, method)


__all__ = [
    "Compiled",
    "Diagnostic",
    "PenstockError",
    "Results",
    "Simulation",
    "UnitReport",
    "check_units",
    "load",
    "loads",
    "simulate",
    "slices",
]

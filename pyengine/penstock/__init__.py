"""Penstock: a system dynamics workbench. Models in, WebAssembly and exact results out.

>>> import penstock
>>> model = penstock.load("stock Tea = 180\\n  out cooling\\nflow cooling = (Tea - 70) / 10\\ntime 0 to 30 by 0.125")
>>> run = model.run()
>>> round(run["Tea"][-1], 3)
75.374
"""

__version__ = "0.1.0"

from .api import LossWarning, Model, load, loads
from .compiler import Compiled
from .errors import Diagnostic, PenstockError
from .passes.units import UnitReport, check_units
from .results import Results
from .run import Simulation, simulate, slices

__all__ = [
    "Compiled",
    "Diagnostic",
    "LossWarning",
    "Model",
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

"""A part of an equation as an auxiliary of its own, with the same results to the last bit."""

from __future__ import annotations

from dataclasses import replace

from ..builtins import BUILTINS
from ..expr import Binary, Call, Expr, Number, Reference, Unary, walk
from ..model import Auxiliary, Equation, Lookup, Stock, Variable, canonical
from ..passes.renaming import expressions_of
from ..passes.units.evaluate import NOT_USED
from ..read import ReadResult
from .draft import Draft, refused, with_variables
from .edit import Edit, finished
from .meaning import Entity, Scope
from .patch import patch_of
from .rename import require_free

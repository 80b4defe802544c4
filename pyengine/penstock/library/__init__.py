"""The library of functions over core operations; importing it enters all of them."""

from . import data, error_function, lookups, random, transcendental
from .registry import FUNCTIONS, TABLES

__all__ = ["FUNCTIONS", "TABLES", "data", "error_function", "lookups", "random", "transcendental"]

"""The library of functions over core operations; importing it enters all of them."""

from . import counting, data, error_function, lookups, random, transcendental
from .registry import FUNCTIONS, TABLES

__all__ = ["FUNCTIONS", "TABLES", "counting", "data", "error_function", "lookups", "random", "transcendental"]

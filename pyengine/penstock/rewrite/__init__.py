"""Rewriting of functions that knows nothing of models: the passes use it, and the blob for its own functions.

Every change is exact to the bit.
"""

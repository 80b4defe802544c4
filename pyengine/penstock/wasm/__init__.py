"""The wasm engine's compiler: the optimised program as one module without imports."""

from .module import blob

__all__ = ["blob"]

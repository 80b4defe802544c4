"""The bytecode VM: the oracle. It runs a program as lowering left it, in plain Python, clear before fast."""

from .machine import Machine

__all__ = ["Machine"]

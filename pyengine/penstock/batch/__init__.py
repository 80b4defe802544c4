"""Pipelines from a file: models loaded, compiled, run, analysed and exported, in an order that follows from what
depends on what."""

from .running import Report, run_batch
from .steps import Batch, Step, read_batch

__all__ = ["Batch", "Report", "Step", "read_batch", "run_batch"]

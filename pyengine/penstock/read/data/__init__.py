"""Values from files: cells of text files and workbooks beside a model, and the data of a run."""

from __future__ import annotations

from .series import RunData, read_run_data
from .shelf import Files, Shelf, beside, run_file

__all__ = ["Files", "RunData", "Shelf", "beside", "read_run_data", "run_file"]

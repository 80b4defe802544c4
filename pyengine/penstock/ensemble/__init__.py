"""Many runs of a model: what varies, how it is drawn, where it is run, and what comes of it."""

from .distributions import Distribution
from .executors import Processes
from .outcome import Outcome
from .spec import Correlation, Spec, Until, from_mapping, from_toml
from .study import Progress, run_study

__all__ = [
    "Correlation",
    "Distribution",
    "Outcome",
    "Processes",
    "Progress",
    "Spec",
    "Until",
    "from_mapping",
    "from_toml",
    "run_study",
]

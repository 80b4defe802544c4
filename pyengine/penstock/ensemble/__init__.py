"""Many runs of a model: what varies, how it is drawn, where it is run, and what comes of it."""

from .distributions import Distribution
from .executors import Processes
from .fitting import Fit, FitSpec, Parameter, fit
from .measure import Measure
from .outcome import Outcome
from .screening import screen_policies
from .sensitivity import local_sensitivity, sobol_indices
from .spec import Correlation, Spec, Until, from_mapping, from_toml
from .study import Progress, run_study

__all__ = [
    "Correlation",
    "Distribution",
    "Fit",
    "FitSpec",
    "Measure",
    "Outcome",
    "Parameter",
    "Processes",
    "Progress",
    "Spec",
    "Until",
    "fit",
    "from_mapping",
    "from_toml",
    "local_sensitivity",
    "run_study",
    "screen_policies",
    "sobol_indices",
]

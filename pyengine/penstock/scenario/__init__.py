"""Scenarios: models that talk to each other over a network with delay, loss and faults, checked while they run.

Each module is one part of a round: `spec` and `reading` what the file
says, `streams` the draws, `formulas` the predicates, `roles` the models, `network` and `faults` what happens to a
message, `properties` what must hold, `runner` the round itself, `trace` what is kept of it.
"""

from .checkpoint import read as read_checkpoint
from .checkpoint import save as save_checkpoint
from .harness import Contract, DirectAdapter, HostAdapter, ModelAdapter, run_with_scenario
from .reading import parse_scenario, read_scenario
from .runner import Run, ScenarioResult
from .running import resume, run_concurrent, run_scenario, start
from .spec import Scenario
from .trace import Divergence, StepRecord, Trace

__all__ = [
    "Contract",
    "DirectAdapter",
    "Divergence",
    "HostAdapter",
    "ModelAdapter",
    "Run",
    "Scenario",
    "ScenarioResult",
    "StepRecord",
    "Trace",
    "parse_scenario",
    "read_checkpoint",
    "read_scenario",
    "resume",
    "run_concurrent",
    "run_scenario",
    "run_with_scenario",
    "save_checkpoint",
    "start",
]

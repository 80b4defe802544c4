"""Scenario files: what is wrong is refused, with its path."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.errors import PenstockError
from penstock.scenario import parse_scenario, read_scenario
from scenario.scenarios_in_text import PAIR, TEXTS, begun

FIELD = """
name = "field"
roles = ["A", "B"]
steps = 3
[material]
layer = "%s"
params = {%s}
"""
MEAN = 'beta = 0.5, species = ["up", "down"], initial_state = [0.6, 0.4], step_size = 0.01'

REFUSED = {
    "name": (PAIR.replace('name = "pair"', ""), "name is missing"),
    "no roles": (PAIR.replace('["A", "B"]', "[]"), "roles must name"),
    "blank role": (PAIR.replace('["A", "B"]', '["A", " "]'), "roles is"),
    "role twice": (PAIR.replace('["A", "B"]', '["A", "A"]'), "roles must name"),
    "no steps": (PAIR.replace("steps = 12", ""), "steps is missing"),
    "steps 0": (PAIR.replace("steps = 12", "steps = 0"), "steps is 0"),
    "concurrency 0": ("concurrency = 0\n" + PAIR, "concurrency is 0"),
    "interval 0": ("checkpoint_interval = 0\n" + PAIR, "checkpoint_interval is 0"),
    "seed": ("seed = -1\n" + PAIR, "seed is -1"),
    "schema": ('schema = "penstock.scenario/9"\n' + PAIR, "schema is"),
    "unknown key": ("stepz = 3\n" + PAIR, r"stepz is not a key.*\n.*Did you mean steps"),
    "unknown role table": (PAIR + "[role.C]\n", "role.C is not a key"),
    "unknown key of a role": (PAIR.replace("outputs", "output"), r"role.B.output is not a key.*\n.*outputs"),
    "engine": (PAIR.replace("[role.A]", '[role.A]\nengine = "wasn"'), r"role.A.engine.*\n.*wasm"),
    "player": (PAIR.replace("[role.A]", '[role.A]\nplayer = "cat"'), "role.A.player"),
    "loss": (PAIR + "[network]\nloss_probability = 1.5\n", "network.loss_probability is 1.5"),
    "variance": (PAIR + "[network]\nlatency_variance = -1\n", "network.latency_variance is -1"),
    "latency": (PAIR + "[network]\nbase_latency_ms = nan\n", "network.base_latency_ms is nan"),
    "partition order": (
        PAIR + '[[network.partitions]]\ngroups = [["A"]]\nstart_tick = 5\nend_tick = 4\n',
        r"network.partitions\[0\].end_tick is 4",
    ),
    "partition empty": (PAIR + "[[network.partitions]]\ngroups = []\n", r"network.partitions\[0\].groups"),
    "partition role": (PAIR + '[[network.partitions]]\ngroups = [["C"]]\n', "names no role: 'C'"),
    "partition twice": (PAIR + '[[network.partitions]]\ngroups = [["A"], ["A"]]\n', "second group"),
    "link to itself": (PAIR + '[[network.links]]\nfrom = "A"\nto = "A"\n', r"links\[0\].to is the same"),
    "link role": (PAIR + '[[network.links]]\nfrom = "A"\nto = "C"\n', r"links\[0\].to names no role"),
    "coupling role": (PAIR.replace('to = "B"', 'to = "C"'), r"couplings\[0\].to names no role"),
    "coupling kind": (PAIR + 'kind = "parcel"\n', r"couplings\[0\].kind"),
    "two triggers": (
        PAIR + '[[events]]\ntrigger = {at_tick = 1, random = 0.5}\naction = {kind = "message_drop"}\n',
        r"events\[0\].trigger has 2 triggers",
    ),
    "fault kind": (PAIR + '[[events]]\naction = {kind = "meteor"}\n', r"events\[0\].action.kind"),
    "fault key": (
        PAIR + '[[events]]\naction = {kind = "message_drop", ticks = 3}\n',
        r"events\[0\].action.ticks is not a key",
    ),
    "fault probability": (
        PAIR + '[[events]]\naction = {kind = "message_drop", probability = 2}\n',
        "probability is 2",
    ),
    "sigma without noise": (
        PAIR + '[[events]]\naction = {kind = "message_corruption", sigma = 2}\n',
        "sigma goes with",
    ),
    "property kind": (PAIR + '[[properties.invariants]]\nkind = "nice"\n', r"invariants\[0\].kind"),
    "property twice": (PAIR + '[[properties.invariants]]\nkind = "finite"\n' * 2, "two named 'finite'"),
    "format": (PAIR + '[output]\nformat = "xml"\n', "output.format"),
    "not TOML": ("name = \n", "PEN550"),
    "layer": (FIELD % ("plasma", ""), "material.layer"),
    "no parameter": (FIELD % ("continuum_field", "coupling = 1, step_size = 1"), "initial_fields is missing"),
    "too short": (
        FIELD % ("mean_field", MEAN.replace('"up", "down"', '"up"')),
        "material.params.species is not a list of exactly two",
    ),
    "model and material": (
        FIELD % ("mean_field", MEAN) + '[role.A]\nmodel = "a.pen"\n',
        "role.A.model and a material exclude",
    ),
}

REFUSED_AT_START = {
    "no model": (PAIR.replace('model = "counter.pen"', "", 1), "role.A.model is missing"),
    "no such model": (PAIR.replace("counter.pen", "other.pen", 1), "role.A.model is refused: PEN001"),
    "outside": (PAIR.replace("counter.pen", "../counter.pen", 1), "outside of the scenario's folder"),
    "output": (PAIR.replace('"heard"]', '"herd"]'), "role B is refused"),
    "parameter": (PAIR.replace("[role.A]", "[role.A]\nparams = {herd = 1}"), "role.A is refused"),
    "initial": (PAIR.replace("[role.A]", "[role.A]\ninitial = [1.0]"), "1 values for 2 stocks"),
    "tick": ("tick = 0.5\n" + PAIR, "tick of 0.5 is no multiple"),
    "input": (PAIR.replace('in = "heard"', 'in = "Tock"'), r"couplings\[0\].in names nothing of B"),
    "input that is computed": (PAIR.replace('in = "heard"', 'in = "Tick"'), "couplings|cannot be set"),
    "predicate": (
        PAIR + '[[properties.invariants]]\nkind = "always"\npredicate = "A.Tock > 1"\n',
        "the property always",
    ),
    "predicate's role": (
        PAIR + '[[properties.invariants]]\nkind = "always"\npredicate = "C.Tick > 1"\n',
        "names no role's variable",
    ),
    "predicate's text": (
        PAIR + '[[properties.invariants]]\nkind = "always"\npredicate = "A.Tick >"\n',
        "the property always is no formula",
    ),
    "link of a property": (
        PAIR + '[[properties.invariants]]\nkind = "fifo"\nlink = "B->A"\n',
        "names no link",
    ),
    "too few fields": (
        FIELD % ("continuum_field", "coupling = 1, initial_fields = [1], step_size = 1"),
        "1 values for 2 roles",
    ),
    "announced": (
        FIELD % ("continuum_field", "coupling = 1, components = 3, initial_fields = [1, 0], step_size = 1"),
        "2 values, and 3 are announced",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_scenario_with_something_wrong_is_refused_with_its_path(case: str) -> None:
    text, message = REFUSED[case]
    with pytest.raises(PenstockError, match=message):
        parse_scenario(text)


@pytest.mark.parametrize("case", REFUSED_AT_START)
def test_what_only_the_models_can_tell_is_refused_before_the_first_round(case: str) -> None:
    text, message = REFUSED_AT_START[case]
    parse_scenario(text)
    with pytest.raises(PenstockError, match=message):
        begun(text, texts=TEXTS)


def test_a_scenario_file_is_read_with_its_models_beside_it(tmp_path: Path) -> None:
    (tmp_path / "counter.pen").write_text(TEXTS["counter.pen"])
    (tmp_path / "pair.toml").write_text(PAIR)
    scenario = read_scenario(tmp_path / "pair.toml")
    assert begun(PAIR, texts={}, folder=tmp_path).tick == 0
    assert (scenario.name, scenario.role_names, scenario.steps) == ("pair", ("A", "B"), 12)


def test_a_file_that_is_not_there_or_not_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe")
    for name in ("x.toml", "none.toml"):
        with pytest.raises(PenstockError, match="PEN001"):
            read_scenario(tmp_path / name)

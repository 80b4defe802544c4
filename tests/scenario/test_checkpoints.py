"""Checkpoints: a run that goes on from one is the run that was never interrupted, to the bit."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from penstock.errors import PenstockError
from penstock.scenario import (
    Run,
    parse_scenario,
    read_checkpoint,
    resume,
    run_scenario,
    save_checkpoint,
    start,
)
from penstock.scenario.checkpoint import write
from scenario.scenarios_in_text import TEXTS, begun

# A delay, a belt and draws: all that a model can remember.
NOISY = """model Noisy
time 0 to 1000 by 0.5
stock Level = 10
  net heard + smooth(heard, 2) - delay_fixed(heard, 1.5, 0) + random_normal(0, 1)
stock Bad = 0
  net if Level < 0 then 1 else 0
const heard = 0
"""


def random_scenario(rng: random.Random) -> str:
    """Two roles, each with the other's value late, with jitter, loss, faults of all kinds and open windows."""
    rows = [
        'name = "random"\nroles = ["A", "B", "C"]\nsteps = 30\ncheckpoint_interval = 1\n'
        f"seed = {rng.randrange(10**6)}\n"
    ]
    for role in "AB":
        engine = rng.choice(["vm", "wasm"])
        rows.append(
            f'[role.{role}]\nmodel = "noisy.pen"\nengine = "{engine}"\nparams = {{seed = {rng.randrange(99)}}}\n'
        )
    for a, b in ("AB", "BA"):
        kind = rng.choice(["value", "order"])
        rows.append(
            f'[[couplings]]\nfrom = "{a}"\nout = "Level"\nto = "{b}"\nin = "heard"\nkind = "{kind}"\n'
        )
        rows.append(f'initial = {rng.uniform(-1, 1)}\nvia = ["C"]\nwork = {rng.randrange(3)}\n')
    rows.append(f"[network]\nbase_latency_ms = {rng.uniform(0, 4)}\nlatency_variance = {rng.random()}\n")
    rows.append(f"loss_probability = {rng.random() / 3}\nreorder_window = {rng.choice([0, 0, 3])}\n")
    triggers = ["{at_tick = 5}", "{random = 0.2}", "{after_step = 9}", '{on_event = {kind = "received"}}']
    actions = (
        'kind = "message_drop", probability = 0.3, duration = 6',
        f'kind = "message_delay", ticks = {rng.randrange(1, 5)}, duration = 5',
        'kind = "message_corruption", probability = 0.5, mode = "noise", sigma = 1.5',
        'kind = "message_corruption", probability = 0.5, mode = "stuck", duration = 4',
        f'kind = "node_crash", role = "{rng.choice("AB")}", duration = 3',
        'kind = "network_partition", groups = [["A"], ["B"]], duration = 3',
    )
    rows += [
        f"[[events]]\ntrigger = {rng.choice(triggers)}\naction = {{{action}}}\n"
        for action in actions
        if rng.random() < 0.7
    ]
    if rng.random() < 0.5:
        rows.append(
            f"[[reconfigurations]]\ntrigger = {rng.choice(triggers)}\n"
            'action = {kind = "link", from = "A", to = "B", base_latency_ms = 2, start_tick = 8}\n'
        )
    rows.append(
        f"[[reconfigurations]]\ntrigger = {{at_tick = {rng.randrange(1, 25)}}}\n"
        'action = {kind = "handoff", from = "A", to = "B", middle = "C", timeout = 9}\n'
    )
    rows.append('[[properties.invariants]]\nkind = "fifo"\nlink = "A->C"\n')
    rows.append('[[properties.invariants]]\nkind = "monotone"\nvariable = "A.Bad"\ndirection = "down"\n')
    rows.append(
        '[[properties.invariants]]\nkind = "amplification"\nvariable = "A.Level"\nother = "B.Level"\nmost = 2.0\n'
    )
    rows.append(
        '[[properties.liveness]]\nname = "recovers"\nprecondition = "A.Level < 10"\ngoal = "A.Level > 12"\nbound = 4\n'
    )
    return "".join(rows)


GIVEN: dict[str, Any] = {"texts": {"noisy.pen": NOISY}}


def went(run: Run) -> Run:
    while not run.is_over():
        run.round()
    return run


def through_json(document: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(document))


def test_the_rest_from_every_checkpoint_equals_the_whole_run_to_the_bit(long_run: bool) -> None:
    rng = random.Random(11)
    for _ in range(200 if long_run else 6):
        scenario = parse_scenario(random_scenario(rng))
        whole = start(scenario, **GIVEN)
        whole.begin()
        documents, lengths = [], []
        while not whole.is_over():
            whole.round()
            documents.append(through_json(save_checkpoint(whole)))
            lengths.append((len(whole.trace.records), len(whole.post.transcript)))
        for document, (records, lines) in list(zip(documents, lengths, strict=True))[:: 1 if long_run else 4]:
            rest = resume(scenario, document, **GIVEN)
            assert list(map(repr, rest.trace.records)) == list(map(repr, whole.trace.records[records:]))
            assert list(rest.transcript) == whole.post.transcript[lines:]
            assert list(rest.violations) == whole.properties.violations


def test_a_checkpoint_of_the_same_tick_is_the_same_document_whichever_engine_made_it() -> None:
    text = random_scenario(random.Random(3))
    made = []
    for engine in ("vm", "wasm"):
        changed = text.replace('"vm"', f'"{engine}"').replace('"wasm"', f'"{engine}"')
        run = begun(changed, **GIVEN)
        for _ in range(10):
            run.round()
        made.append(
            {key: part for key, part in save_checkpoint(run).items() if key not in ("scenario_sha", "sha256")}
        )
    assert made[0] == made[1]


def test_a_branch_has_other_values_from_the_checkpoint_on() -> None:
    text = 'name = "one"\nroles = ["A"]\nsteps = 6\n[role.A]\nmodel = "counter.pen"\noutputs = ["heard"]\n'
    scenario = parse_scenario(text)
    run = begun(text)
    for _ in range(3):
        run.round()
    rest = resume(scenario, save_checkpoint(run), texts=TEXTS, values={"A.heard": 5})
    assert rest.trace.series("A", "Taken") == [5, 10, 15]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda d: d.update(tick=d["tick"] + 1), "digest"),
        (lambda d: d.update(schema="penstock.checkpoint/0"), "schema"),
        (lambda d: d["rng"].update(fault=99), "digest"),
    ],
)
def test_a_checkpoint_that_was_touched_is_refused(spoil: Any, message: str) -> None:
    text = random_scenario(random.Random(3))
    run = begun(text, **GIVEN)
    run.round()
    document = through_json(save_checkpoint(run))
    spoil(document)
    with pytest.raises(PenstockError, match=message):
        resume(parse_scenario(text), document, **GIVEN)


def test_a_checkpoint_of_another_scenario_or_model_is_refused() -> None:
    text = random_scenario(random.Random(3))
    run = begun(text, **GIVEN)
    run.round()
    document = save_checkpoint(run)
    with pytest.raises(PenstockError, match="another scenario"):
        resume(parse_scenario(text.replace("steps = 30", "steps = 31")), document, **GIVEN)
    with pytest.raises(PenstockError, match="the model of A has changed"):
        resume(parse_scenario(text), document, texts={"noisy.pen": NOISY.replace("10", "11")})


def test_checkpoints_exist_at_multiples_of_the_interval(tmp_path: Path) -> None:
    text = random_scenario(random.Random(3)).replace("checkpoint_interval = 1", "checkpoint_interval = 7")
    result = run_scenario(parse_scenario(text), checkpoints=tmp_path, **GIVEN)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(
        f"checkpoint_{n}.json" for n in (7, 14, 21, 28)
    )
    assert result.stats["checkpoint_writes"] == 4
    assert read_checkpoint(tmp_path / "checkpoint_14.json")["tick"] == 14


def test_a_checkpoint_that_cannot_be_written_does_not_end_the_run(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    result = run_scenario(parse_scenario(random_scenario(random.Random(3))), checkpoints=blocked, **GIVEN)
    assert result.stats["final_tick"] == 30
    assert "PEN015" in result.stats["checkpoint_error"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"schema": 1}', "[" * 100_000])
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "c.json"
    path.write_text(content)
    with pytest.raises(PenstockError, match="PEN553"):
        read_checkpoint(path)


def test_a_written_checkpoint_is_read_back(tmp_path: Path) -> None:
    run = begun(random_scenario(random.Random(4)), **GIVEN)
    run.round()
    write(save_checkpoint(run), tmp_path / "deep" / "c.json")
    assert read_checkpoint(tmp_path / "deep" / "c.json") == through_json(save_checkpoint(run))

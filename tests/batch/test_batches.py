"""Batches: one result by three strategies, failures as their policy says, timeouts, retries, and going on again."""

import csv
import json
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.models import TEACUP, compiled
from penstock.batch import Report, read_batch, run_batch
from penstock.batch.steps import STRATEGIES
from penstock.cli import main
from penstock.ensemble import Processes
from penstock.errors import PenstockError
from penstock.run import simulate

each_strategy = pytest.mark.parametrize("strategy", STRATEGIES)

HEAD = """\
concurrency = 2
[[steps]]
id = "read"
kind = "load"
options = {model = "teacup.pen"}
[[steps]]
id = "build"
kind = "compile"
depends_on = ["read"]
"""
PLAIN = (
    HEAD
    + """
[[steps]]
id = "cold"
kind = "run"
depends_on = ["build"]
options = {values = {"Room Temperature" = 0}}
[[steps]]
id = "warm"
kind = "run"
depends_on = ["build"]
options = {values = {"Room Temperature" = 50}, settings = {stop = 10}, save = ["Teacup Temperature"]}
[[steps]]
id = "numbers"
kind = "analyze"
depends_on = ["cold"]
options = {measures = [{output = "Teacup Temperature"}, {output = "Teacup Temperature", what = "mean", name = "m"}]}
[[steps]]
id = "table"
kind = "export"
depends_on = ["cold", "numbers"]
options = {path = "out/cold.csv"}
[[steps]]
id = "blob"
kind = "export"
depends_on = ["build"]
options = {path = "out/tea.wasm"}
"""
)


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    """Started once: that takes longer than the batches here."""
    with Processes(2) as started:
        yield started


@pytest.fixture
def batch(tmp_path: Path, processes: Processes) -> Callable[..., Report]:
    (tmp_path / "teacup.pen").write_text(TEACUP)

    def carry_out(text: str, **options: object) -> Report:
        file = tmp_path / "batch.toml"
        file.write_text(textwrap.dedent(text))
        return run_batch(read_batch(file), processes=processes, **options)  # type: ignore[arg-type]

    return carry_out


# --- results


def test_three_strategies_yield_the_same(batch: Callable[..., Report], tmp_path: Path) -> None:
    reports = [batch(PLAIN, strategy=strategy) for strategy in STRATEGIES]
    assert all(report.fine for report in reports)
    for report in reports:
        assert report.metadata == reports[0].metadata
        for step, product in report.products.items():
            if step in ("cold", "warm"):
                assert product.payload.data == reports[0].products[step].payload.data  # type: ignore[union-attr]
    assert reports[0].metadata["blob"]["sha256"] == reports[0].metadata["build"]["module"]


def test_steps_do_what_the_commands_do(batch: Callable[..., Report], tmp_path: Path) -> None:
    report = batch(PLAIN)
    cold = simulate(compiled(TEACUP), overrides={"Room Temperature": 0})["Teacup Temperature"]
    with (tmp_path / "out/cold.csv").open() as file:
        assert [float(row["Teacup Temperature"]) for row in csv.DictReader(file)] == list(cold)
    numbers = report.metadata["numbers"]
    assert numbers == {
        "last Teacup Temperature": cold[-1],
        "m": pytest.approx(sum(cold) / len(cold), rel=1e-14),
    }
    assert report.metadata["warm"]["steps"] == 80
    assert (tmp_path / "out/tea.wasm").read_bytes()[:4] == b"\0asm"


def test_the_payload_comes_from_the_deepest_transform_and_then_by_id(batch: Callable[..., Report]) -> None:
    text = (
        PLAIN
        + '[[steps]]\nid="x"\nkind="analyze"\ndepends_on=["build", "warm", "cold", "numbers"]\n'
        + ('options = {measures = [{output = "Teacup Temperature"}]}\n')
    )
    report = batch(text)
    assert (
        report.metadata["x"]["last Teacup Temperature"]
        == report.metadata["numbers"]["last Teacup Temperature"]
    )


# --- failures

FAILING = (
    PLAIN
    + """
[[steps]]
id = "broken"
kind = "run"
depends_on = ["build"]
options = {values = {"No Such Thing" = 1}}
[[steps]]
id = "after"
kind = "analyze"
depends_on = ["broken"]
options = {measures = [{output = "Teacup Temperature"}]}
[[steps]]
id = "either"
kind = "analyze"
depends_on = ["broken", "cold"]
options = {measures = [{output = "Teacup Temperature"}]}
"""
)
WELL = {"read", "build", "cold", "warm", "numbers", "table", "blob"}


def by_status(report: Report, status: str) -> set[str]:
    return {step for step, found in report.status.items() if found == status}


@each_strategy
def test_continue_on_error_leaves_out_what_depends_on_the_failure(
    batch: Callable[..., Report], strategy: str
) -> None:
    report = batch('failure = "continue_on_error"\n' + FAILING, strategy=strategy)
    assert by_status(report, "done") == WELL
    assert by_status(report, "failed") == {"broken"}
    assert by_status(report, "blocked") == {"after", "either"}
    assert "PEN201" in str(report.failures["broken"])


@each_strategy
def test_best_effort_runs_what_can_do_with_the_rest(batch: Callable[..., Report], strategy: str) -> None:
    report = batch('failure = "best_effort"\n' + FAILING, strategy=strategy)
    assert by_status(report, "done") == WELL | {"either"}
    assert by_status(report, "blocked") == {"after"}
    assert (
        report.metadata["either"]["last Teacup Temperature"]
        == report.metadata["numbers"]["last Teacup Temperature"]
    )


@each_strategy
def test_fail_fast_starts_nothing_after_the_first_failure(
    batch: Callable[..., Report], strategy: str
) -> None:
    text = FAILING.replace("concurrency = 2", "concurrency = 1").replace('"teacup.pen"', '"none.pen"')
    report = batch(text, strategy=strategy)
    assert by_status(report, "failed") == {"read"}
    assert by_status(report, "cancelled") == set(report.status) - {"read"}


def test_a_timeout_ends_a_step_and_retries_are_made(batch: Callable[..., Report]) -> None:
    """A hundred million steps take longer than half a second; each of three tries is ended."""
    slow = (
        HEAD
        + """
[[steps]]
id = "endless"
kind = "run"
depends_on = ["build"]
timeout = 0.5
retries = 2
options = {settings = {stop = 1e8, save_step = 1e7}, limits = {fuel = 1000000000000}}
"""
    )
    report = batch(slow)
    assert report.status["endless"] == "failed"
    assert report.tries["endless"] == 3
    assert "longer than 0.5 seconds" in str(report.failures["endless"])
    assert report.seconds["endless"] >= 1.5


# --- again


def test_kept_results_are_not_computed_again_unless_something_changed(
    batch: Callable[..., Report], tmp_path: Path
) -> None:
    state = tmp_path / "state"
    first = batch(PLAIN, state=state)
    again = batch(PLAIN, state=state)
    assert first.resumed == ()
    assert set(again.resumed) == {"cold", "warm"}
    assert again.metadata == first.metadata
    assert again.products["cold"].payload.data == first.products["cold"].payload.data  # type: ignore[union-attr]
    changed = batch(PLAIN.replace('"Room Temperature" = 50', '"Room Temperature" = 51'), state=state)
    assert changed.resumed == ("cold",)
    (tmp_path / "teacup.pen").write_text(TEACUP.replace("180", "170"))
    assert batch(PLAIN, state=state).resumed == ()


def test_kept_results_that_were_spoilt_are_computed_again(
    batch: Callable[..., Report], tmp_path: Path
) -> None:
    state = tmp_path / "state"
    first = batch(PLAIN, state=state)
    for place in state.iterdir():
        content = bytearray(place.read_bytes())
        content[-3] ^= 1
        place.write_bytes(content)
    again = batch(PLAIN, state=state)
    assert again.resumed == ()
    assert again.metadata == first.metadata


def test_a_batch_that_was_interrupted_goes_on_where_it_was(
    batch: Callable[..., Report], tmp_path: Path
) -> None:
    state = tmp_path / "state"

    def stop(step: str, status: str) -> None:
        if step == "cold":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch(PLAIN.replace("concurrency = 2", "concurrency = 1"), state=state, listener=stop)
    assert "cold" in batch(PLAIN, state=state).resumed


# --- files


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (('id = "warm"', 'id = "cold"'), "another step has"),
        (('depends_on = ["cold"]', 'depends_on = ["cald"]'), "cald, which is no step"),
        (('depends_on = ["read"]', 'depends_on = ["read", "table"]'), "depends on itself"),
        (('kind = "compile"', 'kind = "comple"'), "none of the choices"),
        (('depends_on = ["cold"]', 'depends_on = ["build"]'), "needs results"),
        (('id = "build"', 'id = "build"\ntimeout = -1'), "timeout"),
        (('id = "build"', 'id = "build"\nretries = -1'), "retries"),
        (('id = "build"', 'id = "build"\ncolour = 1'), "colour"),
        (('{path = "out/cold.csv"}', '{path = "../cold.csv"}'), "leads out"),
        (('{path = "out/cold.csv"}', '{path = "/cold.csv"}'), "leads out"),
        (('{path = "out/cold.csv"}', '{path = "out/cold.doc"}'), "ending"),
        (('{model = "teacup.pen"}', "{}"), "model"),
        (("settings = {stop = 10}", "settings = {length = 10}"), "no setting"),
        (("concurrency = 2", "concurrency = 0"), "concurrency"),
        (("concurrency = 2", 'strategy = "hybrid"'), "none of the choices"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_before_anything_runs(
    tmp_path: Path, change: tuple[str, str], part: str
) -> None:
    file = tmp_path / "batch.toml"
    assert change[0] in PLAIN
    file.write_text(PLAIN.replace(*change))
    with pytest.raises(PenstockError, match=part):
        read_batch(file)


def test_the_command_says_what_became_of_every_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "teacup.pen").write_text(TEACUP)
    file, report = tmp_path / "batch.toml", tmp_path / "report.json"
    file.write_text(PLAIN)
    assert main(["batch", str(file), "--report", str(report), "--strategy", "level"]) == 0
    found = json.loads(report.read_text())
    assert set(found["status"].values()) == {"done"}
    assert found["metadata"]["warm"]["engine"] == "wasm"
    assert "cold: done" in capsys.readouterr().err
    file.write_text(FAILING)
    assert main(["batch", str(file)]) == 1
    assert "No Such Thing" in capsys.readouterr().err

"""Studies: their numbers against closed forms, their files, and what is refused."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy
import pandas
import pyarrow.parquet
import pytest

import penstock
from engine.models import compiled
from ensemble.models import GROWTH, spec, study
from penstock.cli import main
from penstock.ensemble import Progress, run_study
from penstock.ensemble.samples import samples
from penstock.errors import PenstockError


def grown(rate: float, steps: int) -> float:
    level = 100.0
    for _ in range(steps):
        level = level + 0.5 * (rate * level)
    return level


# --- numbers


@pytest.mark.smoke
@pytest.mark.parametrize("engine", ["wasm", "vm"])
def test_every_run_is_the_run_with_its_inputs(engine: str) -> None:
    found = study(compiled(GROWTH), runs=9, chunk=4, engine=engine)
    rates = found.input("rate")
    assert list(found.times) == [n / 2 for n in range(17)]
    for run in range(9):
        assert found.numpy("level")[run].tolist() == [grown(rates[run], n) for n in range(17)]


def test_runs_side_by_side_are_single_runs_to_the_bit() -> None:
    """In chunks of forty they stand in lanes, in chunks of three they do not, and the VM has none."""
    beside, single, vm = (
        study(compiled(GROWTH), outputs=["level", "part"], runs=40, **content)
        for content in ({"chunk": 40}, {"chunk": 3}, {"engine": "vm"})
    )
    assert (beside.lanes, single.lanes, vm.lanes) == (4, 1, 1)
    assert beside.values == single.values == vm.values


def test_statistics_are_those_of_the_runs() -> None:
    found = study(compiled(GROWTH), runs=200)
    table = found.numpy("level")
    numpy.testing.assert_allclose(found.mean("level"), table.mean(axis=0), rtol=1e-14)
    numpy.testing.assert_allclose(found.deviation("level")[1:], table.std(axis=0, ddof=1)[1:], rtol=1e-12)
    for share, fan in found.fan("level").items():
        numpy.testing.assert_allclose(fan, numpy.percentile(table, share, axis=0), rtol=1e-14)
    edges, counts = found.histogram("level", bins=7)
    assert (sum(counts), len(edges)) == (200, 8)
    assert found.count("level").tolist() == [200.0] * 17


def test_the_mean_of_a_uniform_rate_is_its_integral() -> None:
    """∫ 100 (1 + r/2)^16 dr over 0.05 … 0.15. A Latin hypercube of 1,000 comes as near as its slices."""
    found = study(compiled(GROWTH), runs=1000)
    exact = 100 * 2 / 17 * (1.075**17 - 1.025**17) / 0.1
    assert found.mean("level")[-1] == pytest.approx(exact, rel=2e-5)


def test_arrays_settings_values_and_times() -> None:
    found = study(
        compiled(GROWTH),
        outputs=["part", "double"],
        values={"start": 10},
        settings={"dt": 1, "save_step": 1},
        times=[3, 8],
        runs=5,
    )
    assert found.outputs == ["part[north]", "part[south]", "double"]
    assert found.times == [3.0, 8.0]
    for run, rate in enumerate(found.input("rate")):
        level = 10.0
        for _ in range(3):
            level = level + rate * level
        assert found.numpy("part[north]")[run, 0] == 0.25 * level
        assert found.numpy("double")[run, 0] == 2 * level


def test_initial_values_and_seeds_may_vary() -> None:
    noisy = "time 0 to 3 by 1\nstock s = 5\n  net random_uniform(0, 1)\n"
    found = study(
        compiled(noisy), inputs={"s": "uniform(1, 2)", "seed": "discrete(1, 1, 2, 1)"}, outputs=["s"]
    )
    first = found.numpy("s")[:, 0]
    assert first.tolist() == list(found.input("s"))
    grew = {
        (float(seed), round(b - a, 9))
        for seed, a, b in zip(found.input("seed"), first, found.numpy("s")[:, -1], strict=True)
    }
    assert {seed for seed, _ in grew} == {1.0, 2.0}
    assert len(grew) == 2  # the same draws for the same seed


def test_a_sketch_keeps_no_values_and_nearly_the_same_percentiles() -> None:
    exact, sketch = (study(compiled(GROWTH), runs=300, statistics=kind) for kind in ("exact", "sketch"))
    assert sketch.mean("level") == exact.mean("level")
    numpy.testing.assert_allclose(sketch.percentile("level", 50), exact.percentile("level", 50), rtol=2e-3)
    with pytest.raises(PenstockError, match="keeps no values"):
        sketch.numpy()


def test_runs_that_are_no_numbers_are_counted_out_and_runs_that_fail_are_reported() -> None:
    text = "time 0 to 2 by 1\nstock s = 1\n  net sqrt(a)\nconst a = 1\n"
    found = study(compiled(text), inputs={"a": "discrete(-1, 1, 4, 3)"}, outputs=["s"], runs=40)
    assert found.count("s").tolist() == [40.0, 30.0, 30.0]
    assert found.mean("s").tolist() == [1.0, 3.0, 5.0]
    assert not found.failures


# --- stopping, progress


def test_a_study_stops_at_the_first_chunk_that_is_accurate_enough() -> None:
    content = {
        "runs": 5000,
        "chunk": 50,
        "sampling": "random",
        "until": {"output": "level", "relative": 0.01},
    }
    found = study(compiled(GROWTH), **content)
    assert found.stopped
    assert 100 <= found.runs < 5000
    assert found.runs % 50 == 0
    table = found.numpy("level")[:, -1]

    def half(n: int) -> float:
        return float(1.96 * table[:n].std(ddof=1) / n**0.5 / table[:n].mean())

    assert half(found.runs) <= 0.01
    assert all(half(n) > 0.01 for n in range(100, found.runs, 50))
    assert found.inputs == samples(spec(**content))[: found.runs]


def test_progress_is_told_of_every_chunk_and_can_stop_the_study() -> None:
    seen: list[Progress] = []
    run_study(compiled(GROWTH), spec(runs=100, chunk=30), workers=1, progress=seen.append)
    assert [progress.done for progress in seen] == [30, 60, 90, 100]

    def stop(progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(compiled(GROWTH), spec(runs=100, chunk=30), workers=1, progress=stop)


# --- refusals


@pytest.mark.parametrize(
    ("content", "code", "part"),
    [
        ({"inputs": {"rat": "uniform(0, 1)"}}, "PEN201", "rat"),
        ({"inputs": {"double": "uniform(0, 1)"}}, "PEN502", "double"),
        ({"inputs": {"dt": "uniform(0.1, 1)"}}, "PEN532", "dt"),
        ({"inputs": {}}, "PEN532", "no input"),
        ({"outputs": []}, "PEN532", "no output"),
        ({"outputs": ["nothing"]}, "PEN201", "nothing"),
        ({"values": {"Rate": 1}}, "PEN532", "same input"),
        ({"runs": 0}, "PEN551", "runs"),
        ({"runs": 10_000_001}, "PEN532", "runs"),
        ({"sampling": "grid"}, "PEN551", "sampling"),
        ({"percentiles": [101]}, "PEN532", "percentile"),
        ({"times": [-5]}, "PEN532", "times"),
        ({"times": [3, 9]}, "PEN532", "times"),
        ({"outputs": ["Time"]}, "PEN532", "but time"),
        ({"settings": {"length": 4}}, "PEN532", "length"),
        ({"until": {"output": "level"}}, "PEN532", "one error"),
        ({"until": {"output": "double", "relative": 0.1}}, "PEN532", "no output of the study"),
        ({"correlations": [{"between": ["rate", "x"], "rank": 0.1}]}, "PEN532", "two inputs"),
        ({"correlations": [{"between": ["rate"], "rank": 0.1}]}, "PEN551", "between"),
        ({"colour": "red"}, "PEN551", "colour"),
        ({"runs": 10_000_000, "chunk": 1000}, "PEN532", "GB"),
    ],
)
def test_what_cannot_be_studied_is_refused_with_advice(
    content: dict[str, object], code: str, part: str
) -> None:
    with pytest.raises(PenstockError) as caught:
        study(compiled(GROWTH), **content)
    (item,) = caught.value.diagnostics
    assert item.code == code
    assert part in item.message


# --- Python and the command line

STUDY = """\
model = "growth.pen"
outputs = ["level"]
runs = 60
chunk = 16
seed = 7
sampling = "sobol"

[inputs]
rate = "normal(0.1, 0.02)"
start = "RANDOM_UNIFORM(90, 110)"

[[correlations]]
between = ["rate", "start"]
rank = 0.5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "growth.pen").write_text(GROWTH)
    (tmp_path / "study.toml").write_text(STUDY)
    return tmp_path


def test_a_model_has_ensembles() -> None:
    model = penstock.loads(GROWTH)
    found = model.ensemble({"rate": "uniform(0.05, 0.15)"}, ["level"], runs=20, seed=3)
    assert found.values == study(compiled(GROWTH), runs=20, seed=3).values
    frame = found.pandas(runs=True)
    assert list(frame.columns) == ["run", "rate", "time", "level"]
    assert len(frame) == 20 * 17


def test_the_command_writes_what_python_computes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, runs = folder / "fan.parquet", folder / "runs.csv"
    study_file = str(folder / "study.toml")
    assert main(["ensemble", study_file, "--out", str(out), "--runs-out", str(runs)]) == 0
    content = {
        "inputs": {"rate": "normal(0.1, 0.02)", "start": "RANDOM_UNIFORM(90, 110)"},
        "outputs": ["level"],
        "runs": 60,
        "chunk": 16,
        "seed": 7,
        "sampling": "sobol",
        "correlations": [{"between": ["rate", "start"], "rank": 0.5}],
    }
    found = study(compiled(GROWTH), **content)
    table = pyarrow.parquet.read_table(out).to_pandas()
    assert table["p95"].tolist() == found.percentile("level", 95).tolist()
    assert pandas.read_csv(runs)["level"].tolist() == found.values.tolist()
    assert main(["ensemble", study_file]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [float(row["mean"]) for row in rows] == found.mean("level").tolist()


def test_a_model_and_options_are_a_study_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--vary", "rate=uniform(0.05, 0.15)", "--look", "level", "--runs", "30", "--seed", "2"]
    assert main(["ensemble", str(folder / "growth.pen"), *options]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    wanted = study(compiled(GROWTH), runs=30, seed=2)
    assert [float(row["p50"]) for row in rows] == wanted.percentile("level", 50).tolist()
    assert main(["ensemble", str(folder / "growth.pen"), "--vary", "rate", "--look", "level"]) == 1
    assert main(["ensemble", str(folder / "study.toml"), "--look", "level"]) == 1


def test_other_kinds_of_studies_are_files_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = 'model = "growth.pen"\noutputs = ["level"]\nruns = 40\nchunk = 10\n'
    inputs = '[inputs]\nrate = "uniform(0.05, 0.15)"\n'
    files: dict[str, tuple[str, Callable[[list[dict[str, str]]], bool]]] = {
        "local": (inputs, lambda rows: float(rows[0]["elasticity"]) == 0.0),
        "sobol": (inputs, lambda rows: abs(float(rows[0]["first"]) - 1) < 0.2),
        "screening": (
            'better = "low"\n[policies.small]\nstart = 10\n[policies.large]\nstart = 90\n'
            '[measure]\noutput = "level"\nwhat = "mean"\n' + inputs,
            lambda rows: [row["policy"] for row in rows] == ["small", "large"],
        ),
    }
    for kind, (rest, holds) in files.items():
        (folder / "kind.toml").write_text(f'kind = "{kind}"\n{head}{rest}')
        assert main(["ensemble", str(folder / "kind.toml")]) == 0
        assert holds(list(csv.DictReader(io.StringIO(capsys.readouterr().out)))), kind


# --- receipts


def test_a_receipt_holds_until_any_byte_changes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study_file, receipt = folder / "study.toml", folder / "receipt.json"
    key = folder / "key"
    key.write_text("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")  # RFC 8032, test 1
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    made = ["ensemble", str(study_file), "--out", str(folder / "o.csv"), "--receipt", str(receipt)]
    assert main([*made, "--key", str(key)]) == 0
    assert json.loads(receipt.read_text())["public_key"] == public
    verify = ["verify", str(receipt), "--study", str(study_file), "--key", public]
    assert main(verify) == 0
    assert "signed, runs made again" in capsys.readouterr().out
    content = receipt.read_bytes()
    for at in range(0, len(content), 29):
        for change in (1, 32):  # 32 makes a letter another case
            receipt.write_bytes(content[:at] + bytes([content[at] ^ change]) + content[at + 1 :])
            assert main(verify[:2]) == 1, content[at : at + 9]
    receipt.write_bytes(content)
    assert main(["verify", str(receipt), "--key", "00" * 32]) == 1
    study_file.write_text(STUDY.replace("seed = 7", "seed = 8"))
    assert main(verify) == 1
    study_file.write_text(STUDY)
    (folder / "growth.pen").write_text(GROWTH.replace("2 * level", "3 * level"))
    assert main(verify) == 1


def test_a_receipt_knows_results_that_were_changed() -> None:
    found = study(compiled(GROWTH), runs=10)
    receipt, results = found.receipt(), found.results_bytes()
    penstock.ensemble.receipts.verify(receipt, results)
    for at in range(0, len(results), 97):
        changed = results[:at] + bytes([results[at] ^ 1]) + results[at + 1 :]
        with pytest.raises(PenstockError, match="results are not those"):
            penstock.ensemble.receipts.verify(receipt, changed)

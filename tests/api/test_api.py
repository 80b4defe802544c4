"""What a data scientist does with a model in Python."""

import doctest
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from math import exp
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pyarrow
import pytest

import penstock
from penstock import api

matplotlib.use("agg")

TEACUP = """\
time 0 to 30 by 0.125 {minute}
stock Tea = 180 {degF}
  out heat loss
flow heat loss = (Tea - room temperature) / tau {degF/minute}
const room temperature = 70 {degF}
const tau = 10 {minute}
"""


@pytest.fixture
def model() -> penstock.Model:
    return penstock.load(TEACUP)


def euler(room: float, tau: float, start: float = 180.0, dt: float = 0.125, stop: float = 30.0) -> float:
    tea = start
    for _ in range(round(stop / dt)):
        tea += dt * -((tea - room) / tau)
    return tea


# Loading ----------------------------------------------------------------------------------------------------


def test_the_docstrings_are_right() -> None:
    for module in (penstock, api):
        outcome = doctest.testmod(module)
        assert outcome.attempted
        assert outcome.failed == 0


@pytest.mark.parametrize("kind", ["text", "file", "path"])
def test_a_model_is_loaded_from_a_text_or_a_file(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "tea.pen"
    path.write_text(TEACUP, encoding="utf-8")
    model = penstock.load({"text": TEACUP, "file": str(path), "path": path}[kind])
    assert model.variables == ["Tea", "heat loss", "room temperature", "tau"]
    assert model.constants == {"room temperature": 70.0, "tau": 10.0}


@pytest.fixture
def address() -> Iterator[str]:
    class Files(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/tea.pen?v=1":
                self.send_response(200)
                self.end_headers()
                self.wfile.write(TEACUP.encode())
            else:
                self.send_error(404)

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Files) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_model_is_loaded_from_an_address(address: str) -> None:
    assert penstock.load(f"{address}/tea.pen?v=1").constants["tau"] == 10.0
    with pytest.raises(penstock.PenstockError, match=r"PEN001 .*none.pen cannot be read: .*404"):
        penstock.load(f"{address}/none.pen")


def test_the_format_of_a_text_is_told_from_what_it_says() -> None:
    for text in (penstock.load(TEACUP).to_mdl(), penstock.load(TEACUP).to_xmile(), TEACUP):
        assert penstock.loads(text).run()["Tea"][-1] == penstock.load(TEACUP).run()["Tea"][-1]


def test_a_text_with_an_error_says_where(model: penstock.Model) -> None:
    with pytest.raises(penstock.PenstockError, match=r"model.pen:1:"):
        penstock.loads("tme 0 to 10 by 1\n")


# Running ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["wasm", "vm"])
def test_keywords_set_constants_and_initial_values(model: penstock.Model, engine: str) -> None:
    run = model.run(engine, room_temperature=20, Tea=95, dt=0.5, save_step=1, stop=10)
    assert run.engine == engine
    assert list(run.time) == list(range(11))
    assert run["Tea"][-1] == euler(20.0, 10.0, 95.0, 0.5, 10.0)


def test_params_take_names_as_written_and_times(model: penstock.Model) -> None:
    run = model.run(params={"room temperature": 20})
    assert run["Tea"][-1] == euler(20.0, 10.0)
    later = model.run(params=[{"name": "tau", "value": 5, "at": 15}])
    assert later["Tea"][120] == run_to_the_middle(model)
    assert later["Tea"][-1] < model.run()["Tea"][-1]


def run_to_the_middle(model: penstock.Model) -> float:
    return model.run(stop=15)["Tea"][-1]


def test_a_name_that_is_none_is_refused_with_the_likely_one(model: penstock.Model) -> None:
    with pytest.raises(penstock.PenstockError, match=r"Did you mean room temperature\?"):
        model.run(room_temprature=20)


def test_save_keeps_only_what_it_names(model: penstock.Model) -> None:
    assert model.run(save=["Tea"]).names == ["Time", "Tea"]


def test_a_simulation_goes_in_pieces(model: penstock.Model) -> None:
    with model.simulation() as simulation:
        simulation.run_to(15)
        simulation.set_value("tau", 5)
        simulation.run_to(30)
        assert list(simulation.series("Tea")) == list(
            model.run(params=[{"name": "tau", "value": 5, "at": 15}])["Tea"]
        )


# Results ----------------------------------------------------------------------------------------------------


def test_results_are_numpy_arrays(model: penstock.Model) -> None:
    run = model.run()
    table = run.numpy()
    assert table.shape == (len(run), len(run.names)) == (241, 5)
    for place, name in enumerate(run.names):
        assert np.array_equal(table[:, place], run.numpy(name))
    assert np.allclose(run.numpy("Tea"), 70 + 110 * np.exp(-run.numpy("Time") / 10), atol=0.5)


def test_results_are_a_pandas_frame_by_time(model: penstock.Model) -> None:
    frame = model.run(save_step=10).pandas()
    assert list(frame.index) == [0, 10, 20, 30]
    assert frame.index.name == "Time"
    assert isinstance(frame, pd.DataFrame)
    assert frame.loc[30, "Tea"] == pytest.approx(70 + 110 * exp(-3), abs=0.2)  # Euler's method at this dt
    assert list(frame["tau"]) == [10.0] * 4


def test_results_are_an_arrow_table(model: penstock.Model) -> None:
    run = model.run()
    table = run.arrow()
    assert isinstance(table, pyarrow.Table)
    assert table.column_names == run.names
    assert table["Tea"].to_pylist() == list(run["Tea"])


def test_results_are_plotted(model: penstock.Model) -> None:
    run = model.run()
    axes = run.plot()
    assert [line.get_label() for line in axes.get_lines()] == ["Tea", "heat loss"]
    assert list(axes.get_lines()[0].get_ydata()) == list(run["Tea"])
    assert run.plot("tau", ax=axes) is axes
    assert len(axes.get_lines()) == 3


def test_a_package_that_is_not_there_is_named(model: penstock.Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(penstock.PenstockError, match=r"PEN518 pandas is not there.*\n.*pip install pandas"):
        model.run().pandas()


def test_results_are_written_as_the_command_line_writes_them(model: penstock.Model, tmp_path: Path) -> None:
    model.run().to_csv(tmp_path / "out.csv")
    frame = pd.read_csv(tmp_path / "out.csv", index_col="time")
    assert list(frame["Tea"]) == list(model.run()["Tea"])
    with pytest.raises(penstock.PenstockError, match="PEN015"):
        model.run().to_csv(tmp_path / "no folder" / "out.csv")


# Giving back ------------------------------------------------------------------------------------------------


def test_a_model_is_given_back_in_each_format(model: penstock.Model) -> None:
    for text in (model.to_pen(), model.to_mdl()):
        assert penstock.loads(text).run().data == model.run().data
    assert penstock.loads(model.to_pen()).model == model.model


def test_what_a_format_cannot_say_is_a_warning(model: penstock.Model) -> None:
    limited = penstock.load(TEACUP.replace("stock Tea", "non-negative stock Tea"))
    with pytest.warns(penstock.LossWarning, match="Tea"):
        limited.to_mdl()


def test_a_model_is_drawn_and_shows_itself_in_a_notebook(model: penstock.Model) -> None:
    assert model.draw(theme="print").startswith("<svg")
    assert "heat loss" in model._repr_svg_()
    assert repr(model) == "<penstock.Model 'model', 4 variables, euler>"


def test_check_gives_warnings_units_and_hints() -> None:
    model = penstock.load(TEACUP + "const spare = 3 {degF}\n")
    assert [item.code for item in model.check()] == ["PEN801"]


def test_the_page_of_the_manual_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[2] / "web/manual/python.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    exec(compile(code, "python.md", "exec"), {})
    promised = [line.removeprefix("# ") for line in code.splitlines() if line.startswith("# ")]
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == len(promised) > 0
    for said, found in zip(promised, printed, strict=True):
        assert found.startswith(said.removesuffix("...")), found

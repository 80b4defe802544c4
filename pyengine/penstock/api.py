"""Models as people handle them in Python: load, run, look, give back.

>>> import penstock
>>> model = penstock.load("stock Tea = 180\\n  out cooling\\nflow cooling = (Tea - room) / 10\\nconst room = 70\\n"
...                       "time 0 to 30 by 0.125")
>>> model.constants
{'room': 70.0}
>>> round(model.run(room=20)["Tea"][-1], 3)
27.817
"""

from __future__ import annotations

import urllib.request
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .compiler import Compiled, compile_file, compile_text
from .drawing import Theme, svg
from .errors import Diagnostic, error
from .hints import hints
from .layout import diagram
from .read import FORMATS
from .read.files import LIMIT_MB, check_size, decode
from .results import Results, needed
from .run import Override, Simulation, simulate
from .sweep import Sweep, run_lanes
from .write import write_text

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from .ensemble import Outcome, Progress, Spec
    from .ensemble.fitting import Fit
    from .notebook import ModelWidget

_PATIENCE = 30.0  # seconds that an address may take


class LossWarning(UserWarning):
    """A part of a model that the format it is written in cannot say."""


class Model(Compiled):
    """A model that is compiled and can be run; what `penstock.load` gives."""

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def variables(self) -> list[str]:
        """The names of all variables in the order of the file, without time."""
        return [row["name"] for row in self.program.variables if row["kind"] != "time"]

    @property
    def constants(self) -> dict[str, float]:
        """The scalar constants, which `run` can be given other values for, with their own."""
        program = self.program
        rows = (row for row in program.inputs if row["kind"] == "constant" and "count" not in row)
        return {row["name"]: program.defaults[row["input"]] for row in rows}

    def run(
        self,
        engine: str | None = None,
        *,
        start: float | None = None,
        stop: float | None = None,
        dt: float | None = None,
        save_step: float | None = None,
        seed: int | None = None,
        save: Iterable[str] | None = None,
        params: Mapping[str, float] | Iterable[Override] = (),
        **values: float,
    ) -> Results:
        """A whole run.

        Keywords are names of constants, of stocks for their initial values, with underscores for spaces; `params`
        takes any name as it is written, elements ``name[a,b]`` included, and overrides with times
        (``{"name": …, "value": …, "at": …}``). `engine` is "wasm" unless given, or "vm". Times are in the model's
        units; `save` names the variables to keep. Raises `PenstockError`.
        """
        given: list[Override] = (
            [{"name": name, "value": value} for name, value in params.items()]
            if isinstance(params, Mapping)
            else list(params)
        )
        given += [{"name": name, "value": value} for name, value in values.items()]
        specs = {"start": start, "stop": stop, "dt": dt, "save_step": save_step, "seed": seed}
        return simulate(self, engine=engine, overrides=given, specs=specs, save=save)

    def sweep(
        self,
        names: Sequence[str],
        values: Sequence[Sequence[float]],
        outputs: Sequence[str],
        at: Sequence[float] | None = None,
        **options: Any,
    ) -> Sweep:
        """A run for each row of `values`, which `names` take in it, four side by side where they can be; of each, the
        `outputs` at the times `at`, or at the end. See `penstock.sweep.run_lanes`."""
        return run_lanes(self, names, values, outputs, at, **options)

    def simulation(self, engine: str | None = None) -> Simulation:
        """A run under your hands: in pieces, with values set on the way."""
        return Simulation(self, engine)

    def ensemble(
        self,
        inputs: Mapping[str, str] | Spec,
        outputs: Iterable[str] = (),
        *,
        executor: Executor | None = None,
        workers: int | None = None,
        progress: Callable[[Progress], None] | None = None,
        **options: Any,
    ) -> Outcome:
        """Many runs: `inputs` are distributions by name, as in ``{"tau": "uniform(5, 15)"}``, or a whole study.

        `options` are the keys of a study file: runs, seed, sampling, percentiles, times, … It is the same to the bit
        on any `executor` and any number of `workers`. Raises `PenstockError`.
        """
        from .ensemble import Spec, from_mapping, run_study

        spec = (
            inputs
            if isinstance(inputs, Spec)
            else from_mapping({"inputs": dict(inputs), "outputs": list(outputs), **options})
        )
        return run_study(self, spec, executor=executor, workers=workers, progress=progress)

    def fit(
        self,
        parameters: Mapping[str, tuple[float, float]],
        data: Mapping[str, tuple[Sequence[float], Sequence[float]]],
        **options: Any,
    ) -> Fit:
        """The constants with which the model comes closest to data: bounds by name, and times and values by variable.

        `options` are likelihood, method, sd, starts, seed, values, settings. Raises `PenstockError`.
        """
        from .ensemble.fitting import FitSpec, Parameter, fit

        rows = {name: Parameter(float(low), float(high)) for name, (low, high) in parameters.items()}
        return fit(self, FitSpec(rows, dict(data), **options))

    def check(self) -> list[Diagnostic]:
        """Warnings, what is wrong with units, and hints; a model with errors is not there to be asked."""
        return [*self.warnings, *self.units.findings, *hints(self)]

    def draw(self, *, theme: Theme = "light", width: float | None = None) -> str:
        """The diagram as the text of an SVG file."""
        return svg(diagram(self.model), theme=theme, width=width)

    def to_mdl(self) -> str:
        """The model as the text of a Vensim file. Warns with `LossWarning` of what that cannot say."""
        return self._written("mdl")

    def to_xmile(self) -> str:
        """The model as the text of an XMILE file. Warns likewise."""
        return self._written("xmile")

    def to_pen(self) -> str:
        """The model in Penstock's own text, which can say everything."""
        return self._written("pen")

    def to_bundle(self, **options: Any) -> str:
        """What the element ``<penstock-model>`` takes as its `model`: JSON with the blob inside. `options` are those of
        `widget`. Raises PEN514 and PEN201."""
        from .export.bundle import bundle
        from .export.view import read_view, written

        return bundle(self, read_view(self, written(options)), self.name).inline()

    def _written(self, format: str) -> str:
        written = write_text(self.model, format)
        for loss in written.losses:
            warnings.warn(loss.message, LossWarning, stacklevel=3)
        return written.text

    def widget(self, **options: Any) -> ModelWidget:
        """The model live in a notebook, run by the browser; `options` are those of live models: sliders and plots by
        name, params, height, view, … Raises PEN518 where anywidget is not installed, PEN514 and PEN201."""
        needed("anywidget")
        from .notebook import ModelWidget

        return ModelWidget(self, options)

    def _repr_svg_(self) -> str:
        return self.draw()

    def _repr_mimebundle_(self, **given: Any) -> dict[str, Any]:
        """A widget where anywidget is installed, with its poster for what shows none; else the diagram."""
        if find_spec("anywidget") is None:
            return {"text/plain": repr(self), "image/svg+xml": self.draw()}
        widget = self.widget()
        shown, _ = widget._repr_mimebundle_() or ({}, {})
        return {**shown, "text/plain": repr(self), "image/svg+xml": widget.poster}

    def __repr__(self) -> str:
        return f"<penstock.Model {self.name!r}, {len(self.variables)} variables, {self.program.method.name}>"


def load(
    source: str | Path,
    *,
    format: str | None = None,
    method: str | None = None,
    data: Iterable[str | Path] = (),
    partial: bool = False,
) -> Model:
    """The model in a file, at an address (``https://…``), or in a text of several lines.

    `format` is mdl, xmile or pen, and told from name and content where left out; `method` integrates by another
    method than the model's; `data` are a run's data files; `partial` leaves out what has errors. Raises
    `PenstockError`.
    """
    if isinstance(source, str) and "\n" in source:
        return loads(source, format=format, method=method, partial=partial)
    if isinstance(source, str) and source.startswith(("http://", "https://")):
        name = source.partition("?")[0].rpartition("/")[2] or "model"
        return loads(_fetched(source), name, format, method, partial=partial)
    return _model(compile_file(source, method, data=data, partial=partial))


def loads(
    text: str,
    name: str = "",
    format: str | None = None,
    method: str | None = None,
    *,
    partial: bool = False,
) -> Model:
    """The model in a text; `name` is shown in messages, and its ending tells the format where neither `format` nor the
    text does. Raises `PenstockError`."""
    return _model(compile_text(text, name or _name(text), format, method, partial=partial))


def _name(text: str) -> str:
    """A name for a text that has none: in our own language unless it looks like another."""
    key = next((row.key for row in FORMATS if row.looks.search(text)), "pen")
    return f"model.{key}"


def _model(compiled: Compiled) -> Model:
    given: dict[str, Any] = {row.name: getattr(compiled, row.name) for row in fields(compiled)}
    return Model(**given)


def _fetched(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=_PATIENCE) as reply:
            content: bytes = reply.read(LIMIT_MB * 1_000_000 + 1)
    except (OSError, ValueError) as problem:
        raise error("PEN001", name=address, reason=str(problem)) from None
    check_size(address, len(content))
    return decode(content, address)

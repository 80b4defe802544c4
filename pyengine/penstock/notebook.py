"""Live models in notebooks: a widget around the element that pages have.

The browser runs the model: a slider asks nothing of Python, which is told of `params` and `time` afterwards. So it
also works where there is no Python, in a notebook that was saved or exported together with its widgets' state.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from .api import Model
from .errors import PenstockError, error
from .export.bundle import bundle
from .export.embed import CLASSIC, embed_file
from .export.view import read_view, written
from .passes.declare import did_you_mean
from .results import key

_RENDER = Path(__file__).with_suffix(".js")


class ModelWidget(anywidget.AnyWidget):
    """What `Model.widget` makes. All three traits may be set, and follow what the reader does."""

    params = traitlets.Dict(
        help="Values of all constants by name; one that is left out gets its own back."
    ).tag(sync=True)
    time = traitlets.Float(None, allow_none=True, help="The cursor, in the model's unit of time.").tag(
        sync=True
    )
    engine = traitlets.Enum(
        ["wasm", "vm"],
        "wasm",
        help="With vm, the reference engine in Python computes each run too, and is compared.",
    ).tag(sync=True)

    _esm = traitlets.Unicode().tag(sync=True)
    _bundle = traitlets.Dict().tag(sync=True)
    _blob = traitlets.Bytes().tag(sync=True)

    def __init__(self, model: Model, options: Mapping[str, Any]) -> None:
        """Raises PEN514, PEN201 and PEN519."""
        self.model = model
        rows = model.document["sliders"]
        self._own = {row["name"]: float(row["value"]) for row in rows if math.isfinite(row["value"])}
        made = bundle(model, read_view(model, written(options)), model.name)
        self.poster = made.files[made.poster].decode()
        view = {name: value for name, value in made.view.items() if name not in ("params", "t")}
        super().__init__(
            _esm=embed_file(CLASSIC).decode() + "\n" + _RENDER.read_text(encoding="utf-8"),
            _bundle={**made.content, "wasm": "", "poster": None, "view": view},
            _blob=made.blob,
            params=made.view.get("params", {}),
            time=made.view.get("t"),
        )
        self.on_msg(self._asked)

    @traitlets.validate("params")
    def _complete(self, proposal: Mapping[str, Any]) -> dict[str, float]:
        known = {key(name): name for name in self._own}
        given = {}
        for name, value in proposal["value"].items():
            if key(name) not in known:
                advice = did_you_mean(name, list(self._own), "Sliders move scalar constants.")
                raise error("PEN201", name=name, advice=advice)
            if not math.isfinite(value):
                raise error(
                    "PEN514", what=f"for {name}, the value", value=value, advice="Say a finite number."
                )
            given[known[key(name)]] = float(value)
        return {**self._own, **given}

    def _asked(self, _: object, question: Mapping[str, Any], __: object) -> None:
        """Computes a run that the browser has shown, for it to compare."""
        try:
            run = self.model.run("vm", params=question["params"])
        except PenstockError as problem:
            self.send({"run": question["run"], "problem": str(problem)})
            return
        columns = {"rows": run.rows, "columns": run.columns, "fixed": run.fixed}
        self.send({"run": question["run"], **columns}, buffers=[run.data.tobytes()])

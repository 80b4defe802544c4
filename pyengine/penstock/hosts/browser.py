"""The compiler worker's Python half: answers the page's requests, in turns of at most `SLICE_SECONDS`.

Its other half is `worker/compiler.ts`. Messages pass between the two as JSON texts, with the one array that a
message may hold beside it: so nothing has to be converted item by item, and nothing here needs a browser.
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from array import array
from collections import deque
from collections.abc import Callable, Generator, Mapping
from typing import Any

from .. import __version__
from ..compiler import Compiled, Session, compile_text
from ..errors import Diagnostic, PenstockError, error, finding
from ..passes.missing import Missing
from ..protocol import DEFAULT_ENGINE, ENGINES, MESSAGES, VERSION, parse
from ..run import slices
from ..tools import call

ENGINE = "vm"
SLICE_SECONDS = 0.05
SESSIONS = 4
"""Files whose edits are cheap at any time."""

Payload = bytes | array  # type: ignore[type-arg]
Post = Callable[[str, Payload | None], None]
"""Sends a message's JSON text, and the value of the field that it gives away."""

Job = Generator[None, None, tuple[dict[str, Any], Payload | None]]
"""Yields when it could let others in; returns the answer's fields."""


class Desk:
    """Takes requests at once, works on them in `step`, and answers each exactly once."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._models: dict[str, Compiled] = {}
        self._sessions: dict[str, Session] = {}
        self._compiles: deque[tuple[int, Job]] = deque()
        self._runs: deque[tuple[int, Job]] = deque()
        self._last_id = 0

    def ready(self, ms: float, boot: str = "", reason: str | None = None) -> None:
        """Tell the page that requests are taken from now on, `ms` after the worker started, and how it booted."""
        given: dict[str, Any] = {name: value for name, value in (("boot", boot), ("reason", reason)) if value}
        self._send("ready", engines=[ENGINE], release=__version__, ms=ms, **given)

    def receive(self, text: str) -> None:
        """Take a message from the page: answer it, or note it down for `step`."""
        message = json.loads(text)
        id_ = message.get("id") if isinstance(message, dict) else None
        id_ = id_ if isinstance(id_, (int, float)) and not isinstance(id_, bool) else 0
        with_findings(lambda: self._take(message), lambda found: self._refuse(id_, found))

    def step(self) -> bool:
        """Work for one slice, on compiles before runs, on runs in turn; whether there is more to do."""
        queue = self._compiles or self._runs
        if queue:
            id_, job = queue.popleft()
            with_findings(lambda: self._advance(id_, job, queue), lambda found: self._refuse(id_, found))
        return bool(self._compiles or self._runs)

    def _take(self, message: object) -> None:
        row = parse(message if isinstance(message, Mapping) else {})
        assert isinstance(message, Mapping)
        id_ = message["id"]
        if id_ <= self._last_id:
            raise error("PEN510", type=row.type, reason=f"id {id_} does not ascend")
        self._last_id = id_
        match row.type:
            case "compile":
                self._compiles.append((id_, self._compile(message)))
            case "run":
                self._runs.append((id_, self._run(message)))
            case "ask":
                self._compiles.append((id_, self._ask(message)))
            case "cancel":
                found = self._cancel(message["target"])
                self._send("cancelled", id=id_, target=message["target"], found=found)
            case "forget":
                self._models.pop(message["model"], None)
                self._send("forgotten", id=id_, model=message["model"])
            case _:
                raise error("PEN508", type=row.type)

    def _cancel(self, target: float) -> bool:
        for queue in (self._compiles, self._runs):
            for id_, job in queue:
                if id_ == target:
                    queue.remove((id_, job))
                    job.close()
                    self._refuse(id_, (finding("PEN512"),))
                    return True
        return False

    def _advance(self, id_: int, job: Job, queue: deque[tuple[int, Job]]) -> None:
        try:
            next(job)
        except StopIteration as stop:
            fields, payload = stop.value
            self._send(payload=payload, id=id_, **fields)
        else:
            queue.append((id_, job))

    def _compile(self, message: Mapping[str, Any]) -> Job:
        start = time.perf_counter()
        session = self._session(message["name"])
        compiled = compile_text(
            message["text"],
            message["name"],
            format=message.get("format"),
            method=message.get("method"),
            partial=bool(message.get("partial")),
            session=session,
        )
        self._models[compiled.model_hash] = compiled
        # Either is made when it is first asked for.
        blob = session.draft(compiled) if message.get("draft") else compiled.blob
        return {
            "type": "compiled",
            "model": compiled.model_hash,
            "layout": compiled.layout,
            "document": compiled.document,
            "diagnostics": [item.to_json() for item in compiled.warnings],
            "missing": [_missing(item) for item in compiled.missing],
            "ms": milliseconds_since(start),
        }, blob
        yield

    def _session(self, name: str) -> Session:
        """What is kept of a file between edits; those that were not edited for longest make room."""
        session = self._sessions.pop(name, None) or Session()
        self._sessions[name] = session
        if len(self._sessions) > SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        return session

    def _ask(self, message: Mapping[str, Any]) -> Job:
        """Answered after the compiles that were asked for before; it may be about their models."""
        arguments = message["arguments"]
        if not isinstance(arguments, Mapping):
            raise error("PEN510", type="ask", reason="arguments is no object")
        return {"type": "answer", "result": call(message["call"], arguments, self._models)}, None
        yield

    def _run(self, message: Mapping[str, Any]) -> Job:
        start = time.perf_counter()
        refuse_other_engines(message.get("engine"))
        compiled = self._models.get(message["model"])
        if compiled is None:
            raise error("PEN511", model=message["model"])
        results = yield from slices(
            compiled,
            engine=ENGINE,
            overrides=[with_floats(row) for row in message.get("overrides") or ()],
            specs=with_floats(message.get("specs") or {}),
            branch=_branch(message.get("branch")),
            save=message.get("save"),
            seconds=SLICE_SECONDS,
        )
        return {
            "type": "result",
            "model": message["model"],
            "engine": ENGINE,
            "rows": results.rows,
            "columns": list(results.columns),
            "fixed": list(results.fixed),
            "ms": milliseconds_since(start),
        }, results.data

    def _refuse(self, id_: float, found: tuple[Diagnostic, ...]) -> None:
        self._send("error", id=id_, diagnostics=[item.to_json() for item in found])

    def _send(self, type: str, *, payload: Payload | None = None, **fields: Any) -> None:
        assert (payload is not None) == bool(MESSAGES[type].transfer)
        message = {"type": type, "version": VERSION, **fields}
        self._post(json.dumps(message, allow_nan=False, separators=(",", ":")), payload)


def with_findings(action: Callable[[], None], refuse: Callable[[tuple[Diagnostic, ...]], None]) -> None:
    """Do `action`; hand what is wrong to `refuse`, a fault of ours too, whose traceback goes to stderr."""
    try:
        action()
    except PenstockError as raised:
        refuse(raised.diagnostics)
    except Exception as raised:
        traceback.print_exc(file=sys.stderr)
        refuse((finding("PEN599", reason=f"{type(raised).__name__}: {raised}"),))


def _missing(item: Missing) -> dict[str, Any]:
    reasons = [reason.to_json() for reason in item.reasons]
    return {"name": item.name, "needs": list(item.needs), "reasons": reasons}


def refuse_other_engines(engine: str | None) -> None:
    """Raise unless a request asks for the VM; absent means the default, which does not run here."""
    engine = DEFAULT_ENGINE if engine is None else engine
    if engine not in ENGINES:
        raise error("PEN501", engine=engine, known=", ".join(ENGINES))
    if engine != ENGINE:
        raise error(
            "PEN505",
            engine=engine,
            reason="this worker compiles only",
            advice="Send the request to the runner worker.",
        )


def with_floats(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same fields, numbers as floats: JavaScript writes 2.0 as 2."""
    return {name: float(value) if isinstance(value, int) else value for name, value in fields.items()}


def _branch(given: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return given and {**with_floats(given), "values": [with_floats(row) for row in given["values"]]}


def milliseconds_since(start: float) -> float:
    return (time.perf_counter() - start) * 1000

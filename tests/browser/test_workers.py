"""The two workers of the built site, driven by the client in Chromium, with real Python and real blobs."""

import base64
import subprocess
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route

import build
from penstock.compiler import compile_text
from penstock.run import simulate
from protocol.test_runner import EPIDEMIC

pytestmark = pytest.mark.browser

HERE = Path(__file__).resolve().parent
LONG = EPIDEMIC.replace("0 to 100", "0 to 20000")  # seconds of work for the VM


@pytest.fixture(scope="session")
def script(node: Path) -> str:
    """The client and what tests need beside it, as one module."""
    command = [node, build.MODULES / "esbuild/bin/esbuild", HERE / "workers.ts", "--bundle", "--format=esm"]
    done = subprocess.run([str(word) for word in command], capture_output=True, check=True, encoding="utf-8")
    return done.stdout


@pytest.fixture
def bench(page: Page, script: str) -> Page:
    """A blank page of the site with the client's functions in it."""
    return opened(page, script)


def opened(page: Page, script: str) -> Page:
    text = '<!doctype html><title>Workers</title><body><script type="module" src="under-test.js"></script>'
    page.route("**/under-test.html", lambda route: route.fulfill(body=text, content_type="text/html"))
    page.route("**/under-test.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    page.goto("under-test.html")
    page.wait_for_function("globalThis.createClient !== undefined")
    page.set_default_timeout(60_000)
    return page


@pytest.fixture(scope="module")
def python_page(browser: Any, site: str, script: str) -> Iterator[Page]:
    """A page whose client has booted Python; for tests that leave it as it was."""
    with browser.new_context(base_url=site) as context:
        context: BrowserContext
        page = opened(context.new_page(), script)
        state = evaluate(page, "async () => pythonReady((globalThis.client = createClient()))")
        assert state["phase"] == "ready", state
        open_ = "async (text) => void (globalThis.epidemic = await client.compile({ name: 'epidemic.pen', text }))"
        evaluate(page, open_, EPIDEMIC)
        yield page


def evaluate(page: Page, function: str, argument: Any = None) -> Any:
    """What an async function does in the page; one that takes more than a minute is an error."""
    return page.evaluate(f"(argument) => within(60, () => ({function})(argument))", argument)


def run(page: Page, options: dict[str, Any]) -> dict[str, Any]:
    return evaluate(
        page,
        """async (options) => {
          const results = await client.run({ model: epidemic.model, ...options });
          const { rows, names, engine } = results;
          return { rows, names, engine, bytes: bytes(results) };
        }""",
        options,
    )


# Both engines ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"overrides": [{"name": "contact rate", "value": 3.7}, {"name": "Infected", "value": 9}]},
        {"overrides": [{"name": "contact rate", "value": 0, "at": 20}]},
        {"specs": {"stop": 33, "dt": 0.25}, "save": ["Infected", "duration"]},
    ],
    ids=str,
)
def test_both_engines_in_the_page_give_the_bits_of_the_vm_in_cpython(
    python_page: Page, options: dict[str, Any]
) -> None:
    expected = simulate(compile_text(EPIDEMIC, "epidemic.pen"), engine="vm", **options)
    for engine in ("wasm", "vm"):
        found = run(python_page, {**options, "engine": engine})
        assert found["engine"] == engine
        assert found["names"] == expected.names
        assert array("d", base64.b64decode(found["bytes"])) == expected.data


def test_the_client_compares_the_engines_by_bits(python_page: Page) -> None:
    found = evaluate(
        python_page,
        """async () => {
          const options = { model: epidemic.model, overrides: [{ name: "contact rate", value: -0 }] };
          const wasm = await client.run({ ...options, engine: "wasm" });
          const vm = await client.run({ ...options, engine: "vm" });
          const other = await client.run({ model: epidemic.model });
          const zero = vm.at("contact rate", 0);
          return { same: client.compare(wasm, vm), other: client.compare(wasm, other).identical, sign: 1 / zero };
        }""",
    )
    assert found == {
        "same": {"identical": True, "largest": 0, "name": None},
        "other": False,
        "sign": float("-inf"),
    }


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ('{ overrides: [{ name: "duration", value: NaN }] }', "PEN504"),
        ('{ overrides: [{ name: "duration", value: Infinity }] }', "PEN504"),
        ('{ overrides: [{ name: "absent", value: 1 }] }', "PEN201"),
        ('{ overrides: [{ name: "Infected", value: 1, at: 5 }] }', "PEN503"),
        ("{ specs: { dt: 0 } }", "PEN504"),
        ('{ save: ["absent"] }', "PEN201"),
        ('{ overrides: [{ name: "duration", value: "5" }] }', "PEN510"),
    ],
)
def test_both_engines_refuse_alike(python_page: Page, options: str, code: str) -> None:
    found = evaluate(
        python_page,
        f"""async () => {{
          const texts = [];
          for (const engine of ["wasm", "vm"]) {{
            const error = await client.run({{ model: epidemic.model, engine, ...{options} }}).catch((error) => error);
            texts.push(`${{error.diagnostics[0].code}} ${{error.diagnostics[0].message}}`);
          }}
          return texts;
        }}""",
    )
    assert found[0] == found[1]
    assert found[0].startswith(code)


def test_an_error_in_the_model_says_where(python_page: Page) -> None:
    error = evaluate(
        python_page,
        "async (text) => client.compile({ name: 'wrong.pen', text }).catch((error) => error.diagnostics[0])",
        "model X\naux a = bb + 1\n",
    )
    assert error["code"] == "PEN201"
    assert error["place"] == {"source": "wrong.pen", "line": 2, "column": 9}
    assert error["range"] == [16, 18]


# Order and life ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["wasm", "vm"])
def test_a_dragged_slider_ends_with_its_last_value(python_page: Page, engine: str) -> None:
    found = evaluate(
        python_page,
        """async (engine) => {
          const runs = [];
          for (let value = 1; value <= 40; value++) {
            runs.push(client.run({ model: epidemic.model, engine, overrides: [{ name: "duration", value }] }));
            if (value % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
          }
          const ends = await Promise.all(runs.map(outcome));
          const last = await runs.at(-1);
          return { ends, last: last.at("duration", 0) };
        }""",
        engine,
    )
    assert found["last"] == 40
    assert set(found["ends"]) <= {"ok", "superseded"}
    assert found["ends"][0] == found["ends"][-1] == "ok"
    assert "superseded" in found["ends"]


def test_a_long_vm_run_lets_a_compile_in(python_page: Page) -> None:
    found = evaluate(
        python_page,
        """async (text) => {
          const { model } = await client.compile({ name: "long.pen", text });
          const order = [];
          const run = client.run({ model, engine: "vm" }).then(() => order.push("run"));
          await client.compile({ name: "other.pen", text: text + "# another" });
          order.push("compile");
          await run;
          return order;
        }""",
        LONG,
    )
    assert found == ["compile", "run"]


def test_a_buffer_handed_back_is_used_again(python_page: Page) -> None:
    found = evaluate(
        python_page,
        """async () => {
          const options = { model: epidemic.model };
          const large = await client.run(options);
          const size = large.data.buffer.byteLength;
          client.release(large);
          const small = await client.run({ ...options, save: [] });
          const next = await client.run({ ...options, save: [] });
          const { buffer, length } = small.data;
          return { size, reused: buffer.byteLength, length, next: next.data.buffer.byteLength };
        }""",
    )
    assert found["reused"] == found["size"] > found["next"]
    assert found["length"] == 101
    assert found["next"] == 8 * 101


def test_python_tells_how_much_it_has_loaded(bench: Page) -> None:
    states = evaluate(
        bench,
        """async () => {
          const client = createClient();
          const states = [];
          client.onPython((state) => states.push(state));
          await pythonReady(client);
          client.dispose();
          return states;
        }""",
    )
    assert [state["phase"] for state in states[:2]] == ["idle", "booting"]
    assert states[-1]["phase"] == "ready"
    assert states[-1]["release"]
    loading = [state for state in states if state.get("total")]
    assert len(loading) > 5
    assert [state["done"] for state in loading] == sorted(state["done"] for state in loading)
    assert loading[-1]["done"] == loading[-1]["total"] > 10_000_000


def test_a_precompiled_model_runs_without_python_and_then_with_it(bench: Page) -> None:
    found = evaluate(
        bench,
        """async () => {
          const client = createClient();
          let phase = "";
          client.onPython((state) => (phase = state.phase));
          const { model, document, bytes } = await client.openPrecompiled("samples/teacup");
          const wasm = await client.run({ model });
          const before = phase;
          const vm = await client.run({ model, engine: "vm" });
          const { identical } = client.compare(wasm, vm);
          client.dispose();
          return { before, after: phase, identical, bytes, name: document.name };
        }""",
    )
    assert found.pop("bytes") > 1000
    assert found == {"before": "idle", "after": "ready", "identical": True, "name": "Teacup"}


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("runner", "close"),
        ("runner", "throw"),
        ("runner", "terminate"),
        ("compiler", "terminate"),
        pytest.param("compiler", "close", marks=pytest.mark.long),
        pytest.param("compiler", "throw", marks=pytest.mark.long),
    ],
)
def test_a_worker_that_dies_in_a_run_rejects_what_is_open_and_the_next_run_works(
    bench: Page, name: str, how: str
) -> None:
    found = evaluate(
        bench,
        """async ([name, how, text]) => {
          const { client, harm, count } = harmable(100);
          const restarts = [];
          client.onWorkerRestart((worker) => restarts.push(worker));
          const { model } = await client.openPrecompiled("samples/teacup");
          const engine = name === "compiler" ? "vm" : "wasm";
          const long = name === "compiler" ? await client.compile({ name: "long.pen", text }) : { model };
          const open = client.run({ model: long.model, engine, specs: { stop: 1e7, save_step: 1e6 } });
          const waiting = client.run({ model: long.model, engine, specs: { stop: 10 } });
          await new Promise((resolve) => setTimeout(resolve, 100));
          harm(name, how);
          const end = await outcome(open);
          const next = await waiting;
          client.dispose();
          return { end, restarts, workers: count(name), rows: next.rows };
        }""",
        [name, how, LONG],
    )
    assert found["restarts"] == [name]
    assert found["workers"] == 2
    assert found["rows"] > 1
    assert found["end"] == "PEN513"


@pytest.mark.parametrize(
    "file", ["pyodide/pyodide.asm.wasm", "python/manifest.json", "pyodide/python_stdlib.zip"]
)
def test_python_that_cannot_be_loaded_is_told_and_leaves_the_runner_alone(bench: Page, file: str) -> None:
    def missing(route: Route) -> None:
        route.fulfill(status=404, body="")

    bench.context.route(f"**/{file}*", missing)
    found = evaluate(
        bench,
        """async () => {
          const client = createClient();
          const state = await pythonReady(client);
          const compile = await outcome(client.compile({ name: "a.pen", text: "" }));
          const { model } = await client.openPrecompiled("samples/teacup");
          const { rows } = await client.run({ model });
          client.dispose();
          return { state, compile, rows };
        }""",
    )
    assert found["state"]["phase"] == "failed"
    assert file.rpartition("/")[2] in found["state"]["diagnostics"][0]["message"]
    assert found["compile"] == "PEN513"
    assert found["rows"] > 1

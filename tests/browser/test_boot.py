"""How the page's Python starts: from its snapshot, or from files where that does not serve; alike either way."""

import gzip
import hashlib
import json
import random
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route

import build
from penstock.compiler import compile_text
from penstock.hosts import snapshot
from protocol.test_runner import EPIDEMIC

pytestmark = pytest.mark.browser

SNAPSHOT = "python/snapshot.bin.gz"
# Starts a compiler worker as the client does, compiles a model, and runs it on the VM.
VISIT = """(text) => new Promise((resolve, reject) => {
  const late = setTimeout(() => reject(new Error("it took too long")), 60_000);
  const worker = new Worker("compiler-worker.js", { type: "module" });
  const made = {};
  const ask = (message) => worker.postMessage({ version: 1, ...message });
  const digest = async (bytes) => {
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  worker.onmessage = async ({ data }) => {
    if (data.type === "ready") {
      Object.assign(made, { boot: data.boot, reason: data.reason ?? "", ms: data.ms });
      ask({ type: "compile", id: 1, name: "epidemic.pen", text });
    } else if (data.type === "compiled") {
      Object.assign(made, { blob: await digest(data.blob), layout: JSON.stringify(data.layout) });
      ask({ type: "run", id: 2, model: data.model, engine: "vm" });
    } else if (data.type === "result") {
      clearTimeout(late);
      worker.terminate();
      resolve({ ...made, results: await digest(data.data) });
    } else if (data.type !== "progress") reject(new Error(JSON.stringify(data)));
  };
})"""


@pytest.fixture
def blank(page: Page) -> Page:
    """An empty page of the site."""
    page.context.route(
        "**/blank.html", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html")
    )
    page.goto("blank.html")
    return page


def visit(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(VISIT, EPIDEMIC)
    print(f"{found['boot']} boot in {found['ms']:.0f} ms")
    return found


def watched(context: BrowserContext) -> list[str]:
    """The paths of the site that are requested from now on, but for wheels."""
    seen: list[str] = []

    def note(request: Request) -> None:
        path = request.url.partition("/dist/")[2].partition("?")[0]
        if not path.endswith(".whl"):  # the sources, which come once Python has been ready for a while
            seen.append(path)

    context.on("request", note)
    return seen


def kept(page: Page) -> int:
    """The bytes of the snapshot in the browser's cache."""
    return page.evaluate("""async () => {
      const cache = await caches.open("penstock-python");
      const found = await Promise.all((await cache.keys()).map((key) => cache.match(key)));
      const bytes = await Promise.all(found.map(async (answer) => (await answer.arrayBuffer()).byteLength));
      return bytes.reduce((sum, size) => sum + size, 0);
    }""")


def wait_until_kept(page: Page, size: int) -> None:
    for _ in range(300):
        if kept(page) == size:
            return
        page.wait_for_timeout(30)
    pytest.fail(f"of {size} bytes, {kept(page)} were kept")


def manifest() -> dict[str, Any]:
    return json.loads((build.DIST / "python/manifest.json").read_text())


def test_python_starts_from_the_snapshot_and_a_second_visit_does_not_load_it_again(blank: Page) -> None:
    requests = watched(blank.context)
    first = visit(blank)
    assert first["boot"] == "snapshot", first["reason"]
    files = {row["file"] for row in manifest()["pyodide"]}
    assert sorted(requests) == sorted(
        ["compiler-worker.js", "python/manifest.json", SNAPSHOT, *(f"pyodide/{file}" for file in files)]
    )
    wait_until_kept(blank, manifest()["snapshot"]["heap"]["bytes"])
    requests.clear()
    second = visit(blank)
    assert second["boot"] == "snapshot", second["reason"]
    assert SNAPSHOT not in requests
    assert len(requests) <= 7

    compiled = compile_text(EPIDEMIC, "epidemic.pen")
    assert first["blob"] == second["blob"] == hashlib.sha256(compiled.blob).hexdigest()


def test_a_kept_copy_that_is_damaged_is_fetched_again(blank: Page) -> None:
    assert visit(blank)["boot"] == "snapshot"
    size = manifest()["snapshot"]["heap"]["bytes"]
    wait_until_kept(blank, size)
    blank.evaluate(
        """async (size) => {
      const cache = await caches.open("penstock-python");
      for (const key of await cache.keys()) await cache.put(key, new Response(new Uint8Array(size)));
    }""",
        size,
    )
    requests = watched(blank.context)
    assert visit(blank)["boot"] == "snapshot"
    assert SNAPSHOT in requests


def damaged(content: bytes) -> bytes:
    return content[: len(content) // 2] + bytes(8) + content[len(content) // 2 + 8 :]


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        pytest.param("other", "not the one that was built with this page", marks=pytest.mark.long),
        ("damaged", ""),  # the browser's own words
        pytest.param("foreign", "magic", marks=pytest.mark.long),
        pytest.param("none", "no snapshot", marks=pytest.mark.long),
    ],
)
def test_where_the_snapshot_does_not_serve_python_starts_from_files_and_yields_the_same(
    blank: Page, harm: str, reason: str
) -> None:
    content = (build.DIST / SNAPSHOT).read_bytes()
    described = manifest()
    other = bytes(range(256)) * 4096
    bodies = {"other": gzip.compress(other), "damaged": damaged(content), "foreign": gzip.compress(other)}
    if harm == "foreign":  # what the manifest describes, but no snapshot of this Pyodide
        heap = {"bytes": len(other), "sha256": hashlib.sha256(other).hexdigest(), "memory": len(other)}
        described["snapshot"]["heap"] = heap
    if harm == "none":
        del described["snapshot"]

    def answer(route: Route) -> None:
        route.fulfill(body=bodies.get(harm, b""), content_type="application/gzip")

    blank.context.route(f"**/{SNAPSHOT}*", answer)
    blank.context.route("**/python/manifest.json", lambda route: route.fulfill(json=described))
    found = visit(blank)
    assert found["boot"] == "ordinary"
    assert reason in found["reason"]
    assert found["reason"]
    assert kept(blank) == 0

    compiled = compile_text(EPIDEMIC, "epidemic.pen")
    assert found["blob"] == hashlib.sha256(compiled.blob).hexdigest()
    blank.context.unroute("**/python/manifest.json")
    blank.context.unroute(f"**/{SNAPSHOT}*")
    from_snapshot = visit(blank)
    assert from_snapshot["boot"] == "snapshot"
    assert {key: found[key] for key in ("blob", "layout", "results")} == {
        key: from_snapshot[key] for key in ("blob", "layout", "results")
    }


def test_a_python_that_starts_from_a_snapshot_draws_other_random_numbers_than_the_next() -> None:
    drawn = set()
    for _ in range(3):
        random.seed(1)  # all of them start from one memory
        snapshot.awake()
        drawn.add(random.random())
    assert len(drawn) == 3

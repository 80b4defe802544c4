"""TypeScript under test runs in Node, bundled as the site's is."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import build

HERE = Path(__file__).resolve().parent

RunScript = Callable[..., Any]


@pytest.fixture(scope="session")
def bundle(node: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """`bundle(file)` is the bundle of a TypeScript file."""
    folder = tmp_path_factory.mktemp("bundles")

    def bundled(file: Path) -> Path:
        target = folder / f"{file.stem}.mjs"
        if not target.exists():
            build.setup_npm()
            esbuild = build.MODULES / "esbuild/bin/esbuild"
            options = ["--bundle", "--format=esm", "--platform=node", "--log-level=warning"]
            command = [node, esbuild, file, *options, f"--outfile={target}"]
            subprocess.run([str(word) for word in command], check=True, timeout=60)
        return target

    return bundled


@pytest.fixture(scope="session")
def script(node: Path, bundle: Callable[[Path], Path]) -> RunScript:
    """`script(name, value)` runs `name.ts` of this folder, whose default export turns JSON into JSON."""

    def run(name: str, value: object) -> Any:
        module = bundle(HERE / f"{name}.ts").as_uri()
        code = (
            f"const {{ default: main }} = await import({module!r});"
            "let text = ''; for await (const part of process.stdin.setEncoding('utf8')) text += part;"
            "process.stdout.write(JSON.stringify(await main(JSON.parse(text))), () => process.exit(0));"
        )
        done = subprocess.run(
            [str(node), "--input-type=module", "--eval", code],
            input=json.dumps(value),
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def node_tests(node: Path, bundle: Callable[[Path], Path]) -> Callable[[str], None]:
    """`node_tests(name)` runs the tests in `name.test.ts` of this folder and fails with their report."""

    def run(name: str) -> None:
        done = subprocess.run(
            [str(node), "--test", "--test-reporter=spec", str(bundle(HERE / f"{name}.test.ts"))],
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    return run

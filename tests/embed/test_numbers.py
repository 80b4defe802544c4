"""The package for programs: its README runs, its types say what is there, its numbers are the reference engine's."""

from __future__ import annotations

import json
import re
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest

import build
from embed.site_of import GROWTH, growth
from penstock.compiler import Compiled, compile_file, compile_text
from penstock.run import simulate

README = build.NPM_PACKAGE / "README.md"
DRIVER = """
import { readFileSync } from "node:fs";
import { load } from "penstock-embed/model";
const { blob, calls } = JSON.parse(readFileSync(0, "utf8"));
const model = await load(readFileSync(blob));
const bits = (values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("hex");
const answers = [];
const words = { end: Infinity, get kept() { return answers.find((answer) => answer instanceof Uint8Array); } };
for (const [name, ...given] of calls) {
  try {
    const answer = model[name](...given.map((value) => (Object.hasOwn(words, value) ? words[value] : value)));
    answers.push(answer instanceof Float64Array ? bits(answer) : (answer ?? null));
  } catch (error) {
    answers.push({ error: error.message, advice: error.diagnostics?.[0]?.advice ?? null });
  }
}
console.log(JSON.stringify(answers));
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody's project with the package installed, from its tarball and offline."""
    project = tmp_path_factory.mktemp("project")
    build.pack_npm(project)
    (project / "package.json").write_text('{"type": "module", "private": true}')
    tarball = next(project.glob("*.tgz"))
    install = [
        *map(str, build.find_node().npm),
        "install",
        "--offline",
        "--silent",
        "--no-audit",
        "--no-fund",
        str(tarball),
    ]
    subprocess.run(install, cwd=project, check=True, timeout=120)
    (project / "driver.js").write_text(DRIVER)
    return project


def node(project: Path, *arguments: str, given: str = "") -> str:
    done = subprocess.run(
        [str(build.find_node().node), *arguments],
        cwd=project,
        input=given,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def called(project: Path, compiled: Compiled, *calls: list[object]) -> list[Any]:
    blob = project / "model.wasm"
    blob.write_bytes(compiled.blob)
    return json.loads(node(project, "driver.js", given=json.dumps({"blob": str(blob), "calls": calls})))


def bits(values: object) -> str:
    return b"".join(struct.pack("<d", value) for value in values).hex()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "overrides"),
    [("sir", {"contact rate": 4.25}), ("predator-prey", {}), ("fishery", {}), ("project-rework", {})],
)
def test_numbers_are_those_of_the_reference_engine_bit_for_bit(
    project: Path, name: str, overrides: dict[str, float]
) -> None:
    compiled = compile_file(build.SAMPLES / f"{name}.pen")
    expected = simulate(compiled, engine="vm", overrides=overrides)
    sets = [["setValue", *pair] for pair in overrides.items()]
    answers = called(project, compiled, *sets, ["run"], *(["series", column] for column in expected.columns))
    for column, answer in zip(expected.columns, answers[len(sets) + 1 :], strict=True):
        assert answer == bits(expected.series(column)), column


def test_a_value_set_on_the_way_acts_from_there(project: Path) -> None:
    answers = called(
        project,
        growth(),
        ["runTo", 5],
        ["setValue", "rate", 0.2],
        ["runTo", "end"],
        ["value", "Level"],
        ["reset"],
        ["clearValues"],
        ["run"],
        ["value", "Level"],
    )
    assert answers[3] == pytest.approx(100 * 1.05**10 * 1.1**10, rel=1e-14)
    assert answers[7] == pytest.approx(100 * 1.05**20, rel=1e-14)


def test_a_snapshot_is_a_place_to_go_back_to(project: Path) -> None:
    ends = (["runTo", "end"], ["value", "Level"])
    keep = called(
        project,
        growth(),
        ["runTo", 5],
        ["snapshot"],
        ["setValue", "rate", 0.2],
        *ends,
        ["restore", "kept"],
        ["value", "Level"],
        *ends,
    )
    assert keep[4] == pytest.approx(100 * 1.05**10 * 1.1**10, rel=1e-14)
    assert keep[6] == pytest.approx(100 * 1.05**10, rel=1e-14)
    assert keep[8] == pytest.approx(100 * 1.05**20, rel=1e-14)


def test_what_cannot_be_is_refused_with_advice(project: Path) -> None:
    calls: list[list[object]] = [
        ["setValue", "ratio", 1],
        ["setValue", "growth", 1],
        ["setValue", "rate", None],
        ["series", "x"],
    ]
    for answer in called(project, growth(), *calls):
        assert answer["error"].startswith("PEN"), answer
        assert answer["advice"]
    array = "model A\ntime 0 to 1 by 1 {year}\ndim D = a, b\nstock S[D] = 1\n  in f\nflow f[D] = 2\n"
    whole, element = called(project, compile_text(array, "a.pen"), ["series", "S"], ["value", "S[b]"])
    assert "S[a]" in whole["advice"]
    assert element == 1


def test_the_readme_s_lines_run(project: Path) -> None:
    text = README.read_text(encoding="utf-8")
    [code] = re.findall(r"```js\n(.*?)```", text, re.S)
    assert len([line for line in code.splitlines() if line.strip()]) <= 12
    (project / "readme.js").write_text(code)
    compiled = compile_file(build.SAMPLES / "sir.pen")
    (project / "sir.wasm").write_bytes(compiled.blob)
    most, end = map(float, node(project, "readme.js").split())
    assert most == max(simulate(compiled, overrides={"contact rate": 4}).series("Infected"))
    assert 0 <= end < most


def test_the_types_fit_programs_that_use_them(project: Path) -> None:
    (project / "use.ts").write_text(
        """import { load, type Model } from "penstock-embed/model";
import type { PenstockModel } from "penstock-embed";
const model: Model = await load(new Uint8Array());
const series: Float64Array = model.series("x");
const el: PenstockModel = document.querySelector("penstock-model")!;
el.addEventListener("penstock-result", (event) => { const ms: number = event.detail.ms; void ms; });
el.setParams({ rate: 1 });
const text: string = await el.toCSV();
// @ts-expect-error: names are texts
model.series(3);
void [series, text];
"""
    )
    options = [
        "--noEmit",
        "--strict",
        "--target",
        "es2022",
        "--module",
        "esnext",
        "--moduleResolution",
        "bundler",
        "--lib",
        "es2022,dom",
        "--ignoreConfig",
    ]
    node(project, str(build.MODULES / "typescript/bin/tsc"), *options, "use.ts")


def test_importing_it_without_a_page_harms_nothing(project: Path) -> None:
    (project / "server.js").write_text('import { load } from "penstock-embed"; console.log(typeof load);')
    assert node(project, "server.js").strip() == "function"


def test_growth_is_what_the_tests_think_it_is() -> None:
    assert simulate(compile_text(GROWTH, "growth.pen"), engine="vm").series("Level")[-1] == pytest.approx(
        100 * 1.05**20, rel=1e-14
    )

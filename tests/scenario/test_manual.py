"""The manual's scenario runs as it is printed there."""

from __future__ import annotations

import re
from pathlib import Path

import build
from penstock.cli import main

PAGE = (build.ROOT / "web" / "manual" / "scenarios.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```\w*\n(.*?)```", PAGE, re.DOTALL)


def test_the_first_scenario_of_the_manual_runs_and_loses_no_water(tmp_path: Path) -> None:
    model, scenario, command = BLOCKS[:3]
    (tmp_path / "tank.pen").write_text(model)
    (tmp_path / "tanks.toml").write_text(scenario)
    assert command.split()[:3] == ["penstock", "scenario", "run"]
    assert main(["scenario", "run", str(tmp_path / "tanks.toml"), "--output", str(tmp_path / "o.json")]) == 0


def test_its_network_and_faults_may_be_added_to_it(tmp_path: Path) -> None:
    model, scenario, _, network = BLOCKS[:4]
    (tmp_path / "tank.pen").write_text(model)
    plain = scenario.replace("[network]\nbase_latency_ms = 3\n", "")
    (tmp_path / "tanks.toml").write_text(plain + network)
    # Water that is lost in a partition is missed by the property.
    assert main(["scenario", "run", str(tmp_path / "tanks.toml"), "--output", str(tmp_path / "o.json")]) == 2

"""The peers that speed is compared with, each in an environment of its own: they need other versions of numpy."""

from __future__ import annotations

import os
import subprocess
import venv
from pathlib import Path

PEERS = {"simlin": ("pysimlin==0.8.5",), "pysd": ("pysd==3.14.3", "--no-binary=odfpy")}
"""What pip installs, by module; of odfpy, which PySD needs, there are sources only."""


def installed(folder: Path) -> tuple[dict[str, Path], dict[str, str]]:
    """The Pythons that have a peer, by its module, made where need be; and why a peer is absent."""
    pythons = {module: python_of(folder / module) for module in PEERS}
    faults = {module: _installed(pythons[module], module, wanted) for module, wanted in PEERS.items()}
    absent = {module: fault for module, fault in faults.items() if fault}
    return {module: python for module, python in pythons.items() if module not in absent}, absent


def python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _installed(python: Path, module: str, wanted: tuple[str, ...]) -> str:
    """Why the module can't be had; empty where it can."""
    if not python.exists():
        venv.create(python.parent.parent, with_pip=True)
    works = (python, "-c", f"import {module}")
    if not _fault(*works):
        return ""
    pip = ("-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--only-binary", ":all:")
    return _fault(python, *pip, *wanted) or _fault(*works)


def _fault(*command: str | Path) -> str:
    """The last line of what a command said that failed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stderr.strip().splitlines() or ["it failed"])[-1] if done.returncode else ""

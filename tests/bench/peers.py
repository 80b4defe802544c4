"""The peers that speed is compared with, in a virtual environment of their own: nobody else needs them."""

from __future__ import annotations

import os
import subprocess
import venv
from pathlib import Path

PEERS = {"simlin": "pysimlin==0.8.5", "pysd": "pysd==3.14.3"}


def python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def installed(folder: Path) -> tuple[Path, dict[str, str]]:
    """The environment's Python, made and filled where need be, and why a peer is absent, by its module."""
    python = python_of(folder)
    if not python.exists():
        venv.create(folder, with_pip=True)
    absent = {}
    for module, requirement in PEERS.items():
        if _run(python, "-c", f"import {module}").returncode == 0:
            continue
        pip = ("-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--only-binary", ":all:")
        done = _run(python, *pip, requirement)
        if done.returncode:
            absent[module] = (done.stderr.strip().splitlines() or ["pip failed"])[-1]
    return python, absent


def _run(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([python, *arguments], capture_output=True, text=True, check=False)

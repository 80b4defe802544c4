"""Damaged models: within ten seconds and a gigabyte, the answer is a model or a `PenstockError` with a place."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from corpus import mutations


def test_a_damaged_public_model_is_a_model_or_a_refusal_with_a_place(
    corpus: Path, scale: Callable[[int, int], int]
) -> None:
    count = scale(150, 10_000)
    command = [sys.executable, mutations.__file__, str(corpus), "0", str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    last = done.stdout.rstrip().rpartition("\n")[2]
    assert done.returncode == 0, f"{last}\n{done.stderr}"
    assert done.stdout.count("\n") == count

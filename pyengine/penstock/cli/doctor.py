"""`penstock doctor`: what this installation can do, and which layer fails."""

from __future__ import annotations

import argparse

from ..hosts.doctor import examined

_MARKS = {True: "ok", False: "FAILS", None: "-"}


def declare(parser: argparse.ArgumentParser) -> None:
    pass


def execute(arguments: argparse.Namespace) -> int:
    fine = True
    for finding in examined():
        fine = fine and finding.fine is not False
        print(f"{_MARKS[finding.fine]:6}{finding.what:20}{finding.detail}")
    return 0 if fine else 1

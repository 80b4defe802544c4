"""Debug switches, each an environment variable that is on when set to anything but 0."""

from __future__ import annotations

import os
from collections.abc import Mapping

SWITCHES: Mapping[str, str] = {
    "PENSTOCK_CHECK": "verify the program after every pass, and fail on what is not legal",
}


def is_on(switch: str) -> bool:
    assert switch in SWITCHES
    return os.environ.get(switch, "0") not in ("", "0")

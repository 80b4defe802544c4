"""The pages of the manual that are made from tables; one row each, by the file's name in `web/manual/reference`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import commands, functions, interface, messages, options, scenarios, units, unsupported

PAGES: Mapping[str, Callable[[], str]] = {
    "abi.md": interface.blob,
    "commands.md": commands.page,
    "functions.md": functions.page,
    "messages.md": messages.page,
    "options.md": options.page,
    "protocol.md": interface.workers,
    "scenarios.md": scenarios.page,
    "units.md": units.page,
    "unsupported.md": unsupported.page,
}

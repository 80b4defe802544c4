"""The blob's exports and the messages of the page's workers, from their tables."""

from __future__ import annotations

from collections.abc import Iterable

from .. import abi, protocol
from . import markdown

BLOB = f"""\
A compiled model is a WebAssembly module that imports nothing. This is version {abi.ABI} of its interface. What it says
about itself, its *layout*, is JSON in the custom section `{abi.LAYOUT_SECTION}`: the inputs that can be set, by their
numbers, and where each variable is. [The blob](../blob.md) tells how the rest is made.

Results stand by columns: the series of column `c` begins at `results_offset + 8 * c * n_rows` for the columns
that vary in a run. Variables whose column is not below `varying` stay at the value in the live row, unless
`full_rows` is not zero."""

WORKERS = f"""\
A page sends requests to two workers, one that compiles (with Python) and one that runs (without). A request has an `id`
and is answered once, by its reply or by `error`. Buffers that are *moved* are empty at the sender's afterwards. Every
message has a `version`, now {protocol.VERSION}, and types are written as in TypeScript."""


def blob() -> str:
    exports = [
        (markdown.code(row.name), markdown.code(row.kind), row.meaning) for row in abi.EXPORTS.values()
    ]
    return markdown.page(
        "The blob's interface",
        BLOB,
        "## Exports",
        markdown.table(("Name", "Kind", "Meaning"), exports),
        "## Codes",
        "What `set_value` returns:",
        _codes(abi.SET_VALUE.items()),
        "What `get_error` returns in its lower half; a run with an error has taken no step:",
        _codes(abi.RUN_ERROR.items()),
        "## The live row",
        "Its first slots are the same in every blob:",
        _codes(abi.CLOCK.items()),
    )


def workers() -> str:
    blocks = [WORKERS]
    for row in protocol.MESSAGES.values():
        answered = f" Answered by `{row.reply}`." if row.reply else ""
        moved = f" Moved: {', '.join(map(markdown.code, row.transfer))}." if row.transfer else ""
        blocks += [
            f"## {row.type}",
            f"*From the {row.sender}, a{'n' if row.role == 'event' else ''} {row.role}.* "
            f"{markdown.plain(row.meaning[0].upper() + row.meaning[1:])}.{answered}{moved}",
            *_fields(row.fields),
        ]
    blocks.append("## What messages hold")
    for record in protocol.RECORDS.values():
        meaning = markdown.plain(record.meaning[0].upper() + record.meaning[1:])
        blocks += [f"### {record.name}", f"{meaning}.", *_fields(record.fields)]
    return markdown.page("Messages to workers", *blocks)


def _fields(fields: Iterable[protocol.Field]) -> list[str]:
    rows = [
        (
            markdown.code(field.name + ("?" if field.optional else "")),
            markdown.code(field.type),
            markdown.plain(field.meaning),
        )
        for field in fields
    ]
    return [markdown.table(("Field", "Type", "Meaning"), rows)] if rows else []


def _codes(rows: Iterable[tuple[str, int]]) -> str:
    return markdown.table(("Number", "Name"), [(str(number), markdown.code(name)) for name, number in rows])

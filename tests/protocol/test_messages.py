"""The message table: each row's smallest message is taken, and every way to spoil it is refused."""

from collections.abc import Iterator
from typing import Any

import pytest

from penstock.errors import CODES, PenstockError
from penstock.protocol import (
    DEFAULT_ENGINE,
    ENGINES,
    KINDS,
    MESSAGES,
    RECORDS,
    VERSION,
    WORKER_CODES,
    Field,
    Message,
    parse,
)

pytestmark = pytest.mark.smoke
ROWS = list(MESSAGES.values())
EXAMPLES: dict[str, Any] = {"string": "teacup", "number": 1.5, "boolean": True}


def example(type_: str) -> Any:
    """A value of a field's type, as small as it can be."""
    base = type_.removesuffix(" | null")
    if base.endswith("[]"):
        return [example(base.removesuffix("[]"))]
    if base in RECORDS:
        return {f.name: example(f.type) for f in RECORDS[base].fields if not f.optional}
    return EXAMPLES.get(base, {})


def minimal(row: Message) -> dict[str, Any]:
    head = {"type": row.type, "version": VERSION, **({} if row.role == "event" else {"id": 1})}
    return head | {f.name: example(f.type) for f in row.fields if not f.optional}


def complete(row: Message) -> dict[str, Any]:
    return minimal(row) | {f.name: example(f.type) for f in row.fields}


def needed(row: Message) -> list[Field]:
    return [f for f in row.fields if not f.optional and "null" not in f.type]


def plain(row: Message) -> Iterator[Field]:
    for field in row.fields:
        if field.type.removesuffix("[]") in KINDS or field.type.removesuffix("[]") in RECORDS:
            yield field


def refused(message: dict[str, Any], row: Message) -> str:
    with pytest.raises(PenstockError) as raised:
        parse(message, row.sender)
    (found,) = raised.value.diagnostics
    return f"{found.code} {found.message}"


def spoiled() -> Iterator[Any]:
    """Messages that must be refused: name, row, message, and what the refusal says."""
    for row in ROWS:
        whole = complete(row)
        yield f"{row.type}-unknown", row, whole | {"type": "unheard of"}, "PEN508 "
        yield f"{row.type}-version", row, whole | {"version": VERSION + 1}, "PEN509 "
        yield f"{row.type}-no-version", row, {k: v for k, v in whole.items() if k != "version"}, "PEN509 "
        if row.role != "event":
            yield f"{row.type}-no-id", row, {k: v for k, v in whole.items() if k != "id"}, "PEN510 "
            yield f"{row.type}-id", row, whole | {"id": "1"}, "PEN510 "
        for field in needed(row):
            less = {k: v for k, v in whole.items() if k != field.name}
            yield f"{row.type}-no-{field.name}", row, less, f"{field.name} is missing"
        for field in plain(row):
            for wrong in [1.5, [None]] if field.type.endswith("[]") else [[], {}]:
                if field.type in RECORDS and wrong == {} and not needed_of(field.type):
                    continue
                yield f"{row.type}-{field.name}-{wrong}", row, whole | {field.name: wrong}, f"{field.name}"


def needed_of(record: str) -> list[Field]:
    return [f for f in RECORDS[record].fields if not f.optional]


SPOILED = [pytest.param(row, message, says, id=name) for name, row, message, says in spoiled()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.type)
def test_the_smallest_and_the_fullest_message_are_taken(row: Message) -> None:
    assert parse(minimal(row), row.sender) is row
    assert parse(complete(row), row.sender) is row


@pytest.mark.parametrize(("row", "message", "says"), SPOILED)
def test_a_spoiled_message_is_refused(row: Message, message: dict[str, Any], says: str) -> None:
    assert says in refused(message, row)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.type)
def test_a_message_from_the_wrong_side_is_refused(row: Message) -> None:
    with pytest.raises(PenstockError, match="PEN508"):
        parse(minimal(row), "worker" if row.sender == "page" else "page")


def test_every_request_names_its_reply_and_only_requests_do() -> None:
    for row in ROWS:
        assert bool(row.reply) == (row.role == "request"), row.type
        if row.reply:
            assert MESSAGES[row.reply].role == "reply"
            assert MESSAGES[row.reply].sender != row.sender


def test_fields_have_unique_names_and_transfer_names_a_buffer() -> None:
    for row in ROWS:
        types = {field.name: field.type for field in row.fields}
        assert len(types) == len(row.fields)
        assert {types[name] for name in row.transfer} <= {"ArrayBuffer", "Float64Array"}
        assert not {"type", "version", "id"} & types.keys()


def test_the_default_engine_is_one_of_the_engines_and_the_codes_are_in_the_catalogue() -> None:
    assert DEFAULT_ENGINE in ENGINES
    assert set(WORKER_CODES) <= CODES.keys()
    assert len(set(WORKER_CODES)) == len(WORKER_CODES)

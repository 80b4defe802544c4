"""Functions on text that exist in Python and TypeScript answer alike."""

import json
import math
import random
import struct
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from penstock.errors import CODES
from penstock.model import canonical
from penstock.protocol import WORKER_CODES

NAMES = [
    *(
        "Contact Rate",
        "contact_rate",
        '"Contact  rate"',
        "  a\tb ",
        "__a__b__",
        '"say \\"hi\\""',
        '"',
        '""',
        "",
    ),
    *(
        "Straße",
        "STRASSE",
        "ΟΔΟΣ",
        "İstanbul",
        "ısı",
        "ﬁlter",
        "µ",
        "a\\nb",
        "a\u00a0b",
        "a\x85b",
        "a\ufeffb",
    ),
    *("Ꭰꭰ", "a _ b", "_", " ", "x\u3000y", "naïve", "ŉ", '"a', 'a"b"', '" a "', "\u2007a", "ẞ"),
]
CHARACTERS = [chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) not in ("Cn", "Cs")]
NUMBERS = [0.0, -0.0, 1.0, -1.5, 0.1, 1e15, 1e16, 1e17, 123456789012345680.0, 1e21, 1e22, 1e-4, 1e-5, 1.5e-7]
NUMBERS += [
    0.5,
    1.5,
    -0.5,
    -0.4,
    -2.5,
    3.5,
    2.4999,
    5e-324,
    1.7976931348623157e308,
    math.inf,
    -math.inf,
    math.nan,
    2.5,
    1 / 3,
    100.0,
    1e100,
]


def bits(number: float) -> str:
    return struct.pack(">d", number).hex()


@pytest.fixture(scope="module")
def numbers() -> list[float]:
    draw = random.Random(1)
    return NUMBERS + [struct.unpack(">d", draw.randbytes(8))[0] for _ in range(2000)]


@pytest.fixture(scope="module")
def texts() -> list[dict[str, Any]]:
    fields: dict[str, Any] = dict.fromkeys(
        (
            "name",
            "reason",
            "advice",
            "type",
            "found",
            "expected",
            "engine",
            "known",
            "model",
            "worker",
            "what",
            "call",
        ),
        "some text",
    )
    fields |= {"value": 1.5, "dt": 0.0, "start": 10.0, "stop": -1e20, "save_step": 0.1}
    fields |= {"rows": "3", "columns": "4", "megabytes": 1234.56, "limit": "1024"}
    return [
        {"template": template, "fields": fields}
        for code in WORKER_CODES
        for template in (CODES[code].message, CODES[code].advice)
    ]


@pytest.fixture(scope="module")
def answers(script: Callable[..., Any], numbers: list[float], texts: list[dict[str, Any]]) -> dict[str, Any]:
    questions = {
        "names": NAMES,
        "characters": CHARACTERS,
        "numbers": list(map(bits, numbers)),
        "texts": texts,
    }
    return script("texts", questions)


def test_names_are_folded_alike(answers: dict[str, Any]) -> None:
    assert dict(zip(NAMES, answers["names"], strict=True)) == {name: canonical(name) for name in NAMES}


def test_every_character_is_folded_alike(answers: dict[str, Any]) -> None:
    different = {
        character: (found, character.casefold())
        for character, found in zip(CHARACTERS, answers["characters"], strict=True)
        if found is not None and found != character.casefold()
    }
    assert not different


def test_numbers_are_shown_as_python_shows_them(answers: dict[str, Any], numbers: list[float]) -> None:
    assert answers["numbers"] == list(map(repr, numbers))
    assert answers["wholes"] == [f"{number:.0f}" for number in numbers]


def test_encoded_messages_keep_every_number(answers: dict[str, Any], numbers: list[float]) -> None:
    decoded = json.loads(answers["encoded"])
    found = [float(number) for number in decoded.pop("doubles")]
    assert [bits(n) for n in found if n == n] == [bits(n) for n in numbers if n == n]
    assert [n == n for n in found] == [n == n for n in numbers]
    assert decoded == {"buffer": None, "text": 'ü"\u2028\ud800', "yes": True, "no": None}


def test_the_catalogue_is_formatted_alike(answers: dict[str, Any], texts: list[dict[str, Any]]) -> None:
    assert answers["texts"] == [row["template"].format(**row["fields"]) for row in texts]

"""From bytes to a model: encodings, formats, sizes, and what is no model at all."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.errors import PenstockError
from penstock.model import canonical
from penstock.place import Source
from penstock.read import FORMATS, decode, format_of, read_file, read_text
from read.samples import SAMPLES

TEXT = "aux Wärme = 1\naux b = 2\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_text_is_the_same_in_every_encoding(encoding: str, line_end: str, tmp_path: Path) -> None:
    path = tmp_path / "model.pen"
    path.write_bytes(TEXT.replace("\n", line_end).encode(encoding))
    result = read_file(path)
    assert result.source.text == TEXT
    assert [item.name for item in result.model.variables] == ["Wärme", "b"]


@pytest.mark.parametrize(
    "data", [b"\0\1\2", b"aux a = 1\0", b"\x89PNG\r\n\x1a\n\0", b"\xff\xfe\x00\xd8", b"\xef\xbb\xbf\xff"]
)
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(PenstockError, match="PEN004"):
        decode(data)


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.mdl"
    with path.open("wb") as file:
        file.truncate(100_000_000_000)
    with pytest.raises(PenstockError, match=r"PEN002 large\.mdl is 100000 MB; models of up to 64 MB"):
        read_file(path)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(PenstockError, match=r"PEN001 none\.pen cannot be read"):
        read_file(tmp_path / "none.pen")


@pytest.mark.parametrize("key", list(SAMPLES))
def test_the_format_is_known_by_ending_by_key_or_by_content(key: str) -> None:
    text = SAMPLES[key]
    (row,) = (row for row in FORMATS if row.key == key)
    names = [f"model{ending}" for ending in row.endings] + [
        f"model{ending.upper()}" for ending in row.endings
    ]
    for name in (*names, "model", "model.txt"):
        assert format_of(Source(name, text)).key == key
    model = read_text(text, "x.other", format=key).model
    assert read_text(text, names[0]).model.variables == model.variables


@pytest.mark.parametrize("text", ["", "hello", "a,b\n1,2\n"])
def test_what_is_of_no_format_is_refused(text: str) -> None:
    with pytest.raises(PenstockError, match="PEN003"):
        read_text(text, "model.txt")


def test_every_equation_points_into_its_file() -> None:
    for key, text in SAMPLES.items():
        result = read_text(text, "model", format=key)
        for item in result.model.variables:
            assert item.span.text
            for equation in item.equations:
                assert equation.span.source is result.source
                assert equation.span.text.strip() == equation.span.text != ""


def test_the_three_samples_agree_where_they_say_the_same() -> None:
    models = [read_text(text, "model", format=key).model for key, text in SAMPLES.items()]
    for name in ("Tea", "Mood", "Delay"):
        found = [next(item for item in model.variables if item.ident == canonical(name)) for model in models]
        assert len({type(item) for item in found}) == 1
        assert len({item.equations[-1].initial for item in found}) == 1


def survives(text: str, key: str) -> None:
    """Read it, or say in a printable way why not."""
    printed = "read"
    try:
        read_text(text, "model", format=key)
    except PenstockError as problem:
        printed = str(problem)
    assert printed


@pytest.mark.parametrize("key", list(SAMPLES))
def test_mutilated_models_are_read_or_refused(key: str, scale: Callable[[int, int], int]) -> None:
    original = SAMPLES[key]
    alphabet = "()[]{}<>,;:!+-*/^=~|\"'`\\#&.0e \n\t" + "aéI😀"
    for seed in range(scale(400, 10_000)):
        dice = random.Random(seed)
        text = original
        for _ in range(dice.randint(1, 4)):
            at, length = dice.randrange(len(text) + 1), dice.choice([0, 1, 1, 3, 40])
            insert = dice.choice(["", dice.choice(alphabet), dice.choice(alphabet) * 30, text[at : at + 60]])
            text = text[:at] + insert + text[at + length :]
        survives(text, key)


@pytest.mark.parametrize("key", list(SAMPLES))
@given(text=st.text())
def test_any_text_is_read_or_refused(key: str, text: str) -> None:
    survives(text, key)


@given(data=st.binary())
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    codes = []
    text = ""
    try:
        text = decode(data)
    except PenstockError as problem:
        codes = [item.code for item in problem.diagnostics]
    assert "\r" not in text
    assert codes in ([], ["PEN004"])


WRAPPED = {
    "mdl": "a = {} ~~|\nINITIAL TIME = 0 ~~|\nFINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|",
    "xmile": "<xmile><model><variables><aux name='a'><eqn>{}</eqn></aux></variables></model></xmile>",
    "pen": "aux a = {}",
}


PIECES = [
    *(
        "x",
        "x ",
        "é",
        "1",
        "1.",
        "if ",
        "not ",
        "-",
        "=",
        ":=",
        "*",
        "***",
        ",",
        ";",
        ":",
        ":a ",
        "a~~|",
        "~|",
        "~",
        "|",
    ),
    *("(", "[", "a[", ")", '"', '""', "'", "`", "{", "{}", "\\", "\\\n", "\n", " ", "#", ":MACRO:"),
    *("<", "<!--", "<a>", "<![CDATA[", "&amp;", "&", "in a\n", " in a\n", "stock a = 1\n"),
]


@pytest.mark.parametrize("key", list(SAMPLES))
@pytest.mark.parametrize("piece", PIECES)
def test_reading_takes_time_in_proportion_to_the_length(
    key: str, piece: str, scale: Callable[[int, int], int]
) -> None:
    """Whatever is repeated; a reader that goes back over what it has seen would not end here."""
    long = piece * (scale(50_000, 1_000_000) // len(piece))
    survives(long, key)
    survives(WRAPPED[key].replace("{}", long), key)


def test_a_name_of_a_million_characters_is_a_name() -> None:
    name = "x" * 1_000_000
    for key, wrapped in WRAPPED.items():
        if key != "xmile":
            assert read_text(wrapped.replace("a = {}", f"{name} = 1"), "model", format=key).model.variables
        survives(wrapped.replace("{}", name), key)


def test_a_file_of_errors_is_given_up_on() -> None:
    with pytest.raises(PenstockError) as caught:
        read_text("stok a = 1\n" * 100_000, "model.pen")
    assert len(caught.value.diagnostics) == 500

"""Patches: made, taken back, put together, refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock import PenstockError
from penstock.edit.patch import Patch, patch_from_json, patch_of
from penstock.place import Source

TEXTS = st.text(st.sampled_from("ab\né😀"), max_size=20)


@st.composite
def patches(draw: st.DrawFn, text: str) -> Patch:
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return patch_of(text, [(start, end, draw(TEXTS)) for start, end in pairs if end > start])


@given(st.data(), TEXTS)
def test_a_patch_and_its_inverse_leave_the_text_as_it_was(data: st.DataObject, text: str) -> None:
    patch = data.draw(patches(text))
    after = patch.apply(text)
    assert patch.inverse().apply(after) == text
    assert patch.inverse().inverse() == patch


@given(st.data(), TEXTS)
def test_two_patches_as_one_do_what_they_do_one_after_the_other(data: st.DataObject, text: str) -> None:
    first = data.draw(patches(text))
    second = data.draw(patches(first.apply(text)))
    both = first.then(text, second)
    assert both.apply(text) == second.apply(first.apply(text))
    assert both.inverse().apply(both.apply(text)) == text


@given(st.data(), TEXTS)
def test_a_patch_goes_through_json_in_utf16_units(data: st.DataObject, text: str) -> None:
    patch = data.draw(patches(text))
    rows = json.loads(json.dumps(patch.to_json(Source("a", text))))
    units = text.encode("utf-16-le")
    for row in reversed(rows["changes"]):
        start, end = row["range"]
        units = units[: 2 * start] + row["text"].encode("utf-16-le") + units[2 * end :]
    assert units.decode("utf-16-le") == patch.apply(text)
    assert patch_from_json(Source("a", text), rows) == patch


def test_a_patch_for_another_text_is_refused() -> None:
    patch = patch_of("abc", [(0, 1, "x")])
    with pytest.raises(PenstockError, match="PEN901"):
        patch.apply("abd")
    with pytest.raises(PenstockError, match="PEN901"):
        patch_from_json(Source("a", "abd"), patch.to_json(Source("a", "abc")))
    with pytest.raises(PenstockError, match="malformed"):
        patch_from_json(Source("a", "abc"), {"changes": [{"range": [2, 99], "text": ""}]})

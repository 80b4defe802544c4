"""Models at random as XMILE: names, texts, points and places of any kind come back."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from penstock.expr import Reference
from penstock.model import (
    Auxiliary,
    Connector,
    Equation,
    Flow,
    Group,
    Model,
    Points,
    Stock,
    View,
    ViewItem,
    canonical,
)
from penstock.read import read_text
from penstock.read.dialects import plain
from penstock.write import write_text
from write.trips import difference, folded

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=12)
NAMES = TEXTS.map(plain).filter(lambda name: canonical(name) not in ("", "time"))
NUMBERS = st.floats(-1e9, 1e9, width=32).map(lambda value: value + 0.0)
DOCS = TEXTS.map(str.strip)
SIZES = st.sampled_from([0.0, 0.1, 22.3, 17.5])
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=5, unique_by=lambda pair: pair[0]).map(
    sorted
)


@st.composite
def models(draw: st.DrawFn) -> Model:
    """A model of a few variables with names, texts, points and places at random."""
    names = draw(st.lists(NAMES, min_size=2, max_size=5, unique_by=canonical))
    groups = {canonical(name): name for name in draw(st.lists(NAMES, max_size=2))}
    variables = []
    for name in names:
        shared = {
            "units": draw(DOCS),
            "documentation": draw(DOCS),
            "group": draw(st.sampled_from(["", *groups.values()])),
            "value_range": draw(st.none() | st.tuples(st.none() | NUMBERS, st.none() | NUMBERS)),
        }
        x, y = zip(*draw(POINTS), strict=True)
        points = Points(x, y, draw(st.sampled_from(["continuous", "extrapolate", "discrete"])))
        reference = Reference(draw(st.sampled_from(names)))
        equation = draw(st.sampled_from([Equation(reference), Equation(reference, lookup=points)]))
        kind = draw(st.sampled_from([Stock, Flow, Auxiliary]))
        if kind is Stock:
            shared["inflows"] = tuple(draw(st.lists(st.sampled_from(names), max_size=2)))
        variables.append(kind(name, (equation,), **shared))
    places = st.integers(-9999, 9999).map(lambda place: place / 100)
    items = tuple(
        ViewItem(
            _SYMBOLS[type(item)],
            item.name,
            draw(places),
            draw(places),
            draw(SIZES),
            draw(SIZES),
            points=((0.0, 1.0),) * (type(item) is Flow),
        )
        for item in variables
    )
    arrows = tuple(Connector(a, b, draw(NUMBERS)) for a, b in pairwise(names))
    described = tuple(Group(name, text) for name in groups.values() if (text := draw(DOCS)))
    return Model("m", tuple(variables), views=(View("View 1", items, arrows),), groups=described)


_SYMBOLS = {Stock: "stock", Flow: "flow", Auxiliary: "auxiliary"}


@given(models())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_models_at_random_come_back_but_for_listed_characters(model: Model) -> None:
    written = write_text(model, "xmile")
    for loss in written.losses:
        assert "the character U+" in loss.message
    if not written.losses:
        assert difference(folded(model), folded(read_text(written.text, "model.xmile").model)) is None

"""Parts of a model as a text of its own, and such a text put into a model: copy and paste.

The text is Penstock's, whatever the model's format is, so that it goes from any model into any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..builtins.time import CLOCK_SPELLINGS
from ..errors import Diagnostic, PenstockError, finding
from ..expr import Reference
from ..model import Ident, Model, Stock, Variable, View, ViewItem, canonical
from ..read import ReadResult, read_text
from ..write import write_text
from .draft import Draft, references, refused, with_variables
from .edit import Edit, finished
from .flows import net_rate
from .meaning import MAIN, Entity, Meaning
from .naming import renamed
from .patch import patch_of
from .rename import require_free
from .texts.base import Range

NAME = "copied.pen"
_KINDS = {"Stock": "stock", "Flow": "flow"}
_ROW, _ACROSS, _DOWN = 4, 88.0, 72.0  # where what has no place is put: so many in a row, so far apart
Point = tuple[float, float]


def copied(read: ReadResult, names: Iterable[str], format: str | None = None) -> str:
    """Variables of the main model as a text of their own, with their symbols, the arrows between these, and the
    dimensions that they need. Raises PEN201 for unknown names, PEN902 for variables of modules."""
    draft = Draft(read, format)
    wanted: dict[Ident, Variable] = {}
    for name in names:
        scope, variable, _ = draft.named(name)
        if scope != MAIN:
            raise refused(f"copying {name}", "it is a module's", "Copy variables of the main model.")
        wanted[variable.ident] = variable
    kept = [item for item in read.model.variables if item.ident in wanted]
    variables = tuple(_alone(item, wanted) for item in kept)
    used = {canonical(name) for item in variables for name in _ranges(item)}
    dimensions = tuple(
        item
        for item in read.model.dimensions
        if used & {canonical(name) for name in (item.name, *item.elements)}
    )
    views = tuple(part for view in read.model.views[:1] if (part := _part(view, wanted)).items)
    alone = Model(read.model.name, variables, dimensions=dimensions, views=views)
    written = write_text(alone, "pen")
    if written.losses:
        raise refused("copying", str(written.losses[0].message), "Copy the text instead.")
    return written.text


def paste(
    read: ReadResult,
    text: str,
    place: Sequence[float] | None = None,
    view: int = 0,
    format: str | None = None,
) -> Edit:
    """The edit that adds what `copied` wrote, under new names where these are taken; what it says of itself follows
    the new names.

    Symbols keep their distances around the `place`, or stand a little beside where they were. What the pasted
    equations use and the model has not is among the consequences. Raises PEN902 for a text that holds no variables,
    or needs dimensions that the model has not.
    """
    draft = Draft(read, format)
    try:
        part = read_text(text, NAME, "pen").model
    except PenstockError as problem:
        raise refused("pasting", problem.diagnostics[0].message, "Copy symbols of a diagram first.") from None
    if not part.variables:
        raise refused("pasting", "there is no variable in it", "Copy symbols of a diagram first.")
    missing = {name for item in part.variables for name in _ranges(item)}
    missing = {name for name in missing if canonical(name) not in draft.meaning.ranges}
    if missing:
        raise refused(
            "pasting", f"the model has no dimension {min(missing)}", "Add the dimension in the text first."
        )
    part = _with_free_names(part, draft)
    last = next((item for item in reversed(read.model.variables) if item.span.source is read.source), None)
    group = last.group if last is not None and draft.text.format != "xmile" else ""
    fresh = [replace(_fitting(item, draft.text.format), group=group, kept=()) for item in part.variables]
    changes = [change for item in fresh for change in draft.text.add(MAIN, item, last, None)]
    changes = [_at_one_place(changes)]
    variables = list(read.model.variables)
    at = variables.index(last) + 1 if last is not None else 0
    model = with_variables(read.model, MAIN, (*variables[:at], *fresh, *variables[at:]))
    follows = tuple(_consequences(model, fresh))
    if 0 <= view < len(read.model.views):
        old = read.model.views[view]
        new = _drawn(draft, old, part, place)
        changes += draft.text.draw(view, new)
        views = (*model.views[:view], new, *model.views[view + 1 :])
        model = replace(model, views=views)
    patch = patch_of(draft.text.text, changes)
    return finished(draft.text, patch, model, "pasting", follows, redrawn=True)


def _alone(variable: Variable, wanted: Mapping[Ident, Variable]) -> Variable:
    """A variable without what is not copied with it; a stock has the flows that come along."""
    variable = replace(variable, group="", kept=())
    if not isinstance(variable, Stock) or not (variable.inflows or variable.outflows):
        return variable
    inflows, outflows = (
        tuple(name for name in names if canonical(name) in wanted)
        for names in (variable.inflows, variable.outflows)
    )
    equations = tuple(replace(item, rate=None) for item in variable.equations)
    return replace(variable, inflows=inflows, outflows=outflows, equations=equations)


def _fitting(variable: Variable, format: str) -> Variable:
    """A variable as a format says it: Vensim's stocks name their flows in their rates."""
    if format != "mdl" or not isinstance(variable, Stock):
        return variable
    return replace(variable, equations=tuple(net_rate(variable, item) for item in variable.equations))


def _ranges(variable: Variable) -> Iterator[str]:
    """The dimensions and elements that a variable's equations name for its own places."""
    for equation in variable.equations:
        yield from equation.subscripts


def _part(view: View, wanted: Mapping[Ident, Variable]) -> View:
    """What a view shows of some variables, in no format's own words."""
    items = tuple(
        replace(item, uid=0, style="", label=None)
        for item in view.items
        if canonical(item.name) in wanted and item.kind in ("stock", "flow", "auxiliary")
    )
    arrows = tuple(
        replace(arrow, uid=0, ends=(0, 0), style="")
        for arrow in view.connectors
        if canonical(arrow.source) in wanted and canonical(arrow.target) in wanted
    )
    return View(view.name, items, arrows)


def _with_free_names(part: Model, draft: Draft) -> Model:
    taken = {item.ident for item in part.variables}
    for variable in part.variables:
        name = _free(variable.name, draft, taken)
        if name != variable.name:
            taken.add(canonical(name))
            part = renamed(Meaning(part), Entity("variable", MAIN, variable.ident), name)
    return part


def _free(name: str, draft: Draft, taken: set[Ident]) -> str:
    """The name itself, or with the first number behind it that makes it nobody's."""
    if _is_free(name, draft):
        return name
    bare, _, last = name.rpartition(" ")
    stem, number = (bare, int(last)) if bare and last.isdecimal() and len(last) < 7 else (name, 1)
    while True:
        number += 1
        new = f"{stem} {number}"
        if canonical(new) not in taken and _is_free(new, draft):
            return new


def _is_free(name: str, draft: Draft) -> bool:
    try:
        require_free(Entity("variable", MAIN, Ident("")), name, draft)
    except PenstockError:
        return False
    return True


def _at_one_place(changes: list[Range]) -> Range:
    """Texts that all come in at the same place, as one in their order."""
    assert len({(start, end) for start, end, _ in changes}) == 1
    start, end, _ = changes[0]
    return start, end, "".join(text for _, _, text in changes)


def _consequences(model: Model, fresh: Iterable[Variable]) -> Iterator[Diagnostic]:
    meaning = Meaning(model)
    for item in fresh:
        unknown = {
            node.name
            for node in references(item)
            if isinstance(node, Reference)
            and canonical(node.name) not in CLOCK_SPELLINGS
            and None in meaning.of(node.name, MAIN, "value")
        }
        for name in sorted(unknown):
            advice = f"Add {name}, or give {item.name} another equation."
            yield finding(
                "PEN905", item.span, what=f"{item.name} uses {name}, which is not here", advice=advice
            )


def _drawn(draft: Draft, old: View, part: Model, place: Sequence[float] | None) -> View:
    """The view with the symbols of the pasted variables; those that were not drawn stand in rows."""
    copied_view = part.views[0] if part.views else View("")
    known = {canonical(item.name) for item in copied_view.items}
    items = list(copied_view.items)
    left, top = (
        (min(item.x for item in items), max(item.y for item in items) + _DOWN) if items else (0.0, 0.0)
    )
    bare = [item for item in part.variables if item.ident not in known]
    for number, item in enumerate(bare):
        kind = _KINDS.get(type(item).__name__, "auxiliary")
        x, y = left + number % _ROW * _ACROSS, top + number // _ROW * _DOWN
        points = ((x - 50, y), (x + 50, y)) if kind == "flow" else ()
        items.append(ViewItem(kind, item.name, x, y, points=points))  # type: ignore[arg-type]
    dx, dy = 24.0, 24.0
    if place is not None:
        xs, ys = [item.x for item in items], [item.y for item in items]
        dx, dy = place[0] - (min(xs) + max(xs)) / 2, place[1] - (min(ys) + max(ys)) / 2
    fit = round if draft.text.format == "mdl" else _six

    def at(x: float, y: float) -> Point:
        return float(fit(x + dx)), float(fit(y + dy))

    moved = []
    for symbol in items:
        x, y = at(symbol.x, symbol.y)
        moved.append(replace(symbol, x=x, y=y, points=tuple(at(*point) for point in symbol.points)))
    return replace(old, items=(*old.items, *moved), connectors=(*old.connectors, *copied_view.connectors))


def _six(value: float) -> float:
    return round(value, 6)

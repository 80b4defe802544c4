"""Stocks, flows, auxiliaries and graphical functions as XMILE has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...expr import Call, Number, Reference, Subscript
from ...model import (
    Auxiliary,
    Conveyor,
    Equation,
    Flow,
    Ident,
    Lookup,
    Macro,
    Model,
    Points,
    Stock,
    Variable,
    canonical,
)
from ...read.xmile.kept import FORMAT, remark_of
from ...read.xmile.lookups import spread
from ...read.xmile.markup import Node
from ..expression import number
from .context import Context, give_back
from .elements import Shaped, shaped
from .flows import flowing
from .functions import sampling

_TAGS: Mapping[type[Variable], str] = {Stock: "stock", Flow: "flow", Auxiliary: "aux", Lookup: "gf"}

_KINDS = {"continuous": "", "extrapolate": "extrapolate", "discrete": "discrete"}


def tag_of(variable: Variable) -> str:
    return _TAGS[type(variable)]


def write_variables(parent: Node, model: Model | Macro, context: Context) -> None:
    """All variables in order."""
    variables = flowing(model.variables, context.losses)
    context = replace(context, own=frozenset(variable.ident for variable in variables))
    driven = frozenset(
        canonical(name)
        for stock in variables
        if isinstance(stock, Stock) and (stock.queue or stock.conveyor)
        for name in stock.outflows
    )
    for variable in variables:
        parent.add(written_variable(variable, driven, context))
    supplementary = [variable.name for variable in variables if variable.supplementary]
    if supplementary:
        names = f"{', '.join(supplementary[:3])}{' …' if len(supplementary) > 3 else ''}"
        context.losses.left_out(f"that {names} are there to be looked at only")


def written_variable(variable: Variable, driven: frozenset[Ident], context: Context) -> Node:
    """The element of a variable; `driven` are flows that a conveyor or a queue drives."""
    form = shaped(variable, context.dimensions)
    if form.spelled_out:
        what = f"the equations of {variable.name} for parts of an array"
        context.losses.written_as(what, "an equation for each element", variable.span)
    has_points = any(equation.lookup is not None for equation in variable.equations)
    tag = tag_of(variable) if (has_points and not form.dims) or not isinstance(variable, Lookup) else "aux"
    node = Node(tag, {"name": variable.name})
    if variable.access:
        node.attributes["access"] = variable.access
    context.text(node, "doc", variable.documentation, f"the documentation of {variable.name}", variable.span)
    if form.dims:
        dimensions = node.element("dimensions")
        for name in form.dims:
            dimensions.element("dim", name=name)
    if not (variable.ident in driven and _is_automatic(variable)):
        _equations(node, variable, form, context)
    if isinstance(variable, Stock):
        _stock(node, variable, context)
    elif isinstance(variable, Flow):
        _flow(node, variable)
    if variable.non_negative:
        node.element("non_negative")
    context.text(node, "units", variable.units, f"the units of {variable.name}", variable.span)
    _range(node, variable, context)
    give_back(node, variable.kept, "variable")
    return node


def _is_automatic(variable: Variable) -> bool:
    """Whether a flow has no equation of its own, being one that a conveyor or a queue drives."""
    is_leak = isinstance(variable, Flow) and variable.leak is not None
    return not is_leak and variable.equations == (Equation(Number(0.0), variable.dims),)


def _equations(node: Node, variable: Variable, form: Shaped, context: Context) -> None:
    if variable.equations and not form.equations:
        what = f"the equations of {variable.name}, whose elements are not known or too many"
        context.losses.written_as(what, "no number", variable.span)
        node.element("eqn", context.expression(Call("nan", ())))
    elif form.is_whole:
        _equation(node, variable, form.equations[0], context)
    else:
        _parts(node, variable, form, context)


def _parts(node: Node, variable: Variable, form: Shaped, context: Context) -> None:
    for equation in form.equations:
        subscript = ", ".join(equation.subscripts)
        if "," in "".join(equation.subscripts):
            what = f"elements with commas in their names ({subscript})"
            context.losses.left_out(what, equation.span)
        _equation(node.element("element", subscript=subscript), variable, equation, context)


def _equation(node: Node, variable: Variable, equation: Equation, context: Context) -> None:
    expr, lookup = equation.expr, equation.lookup
    if equation.external is not None or equation.data is not None or (expr is None and lookup is None):
        what = f"the values of {variable.name}, which come from outside of the model"
        context.losses.written_as(what, "no number", equation.span)
        expr, lookup = Call("nan", ()), None
    if expr is not None:
        subscripts = tuple(Subscript(name) for name in equation.subscripts)
        expr = sampling(expr, Reference(variable.name, subscripts), context.losses)
        remark = _remark(node.attributes.get("subscript", ""), variable)
        node.element("eqn", context.expression(expr) + (f" {remark}" if remark else ""))
    if equation.initial is not None:
        node.element("init_eqn", context.expression(equation.initial))
    if lookup is not None:
        is_alone = node.tag == "gf"
        write_points(node if is_alone else node.element("gf"), lookup, variable.name, context)


def _remark(subscript: str, variable: Variable) -> str:
    """What a file said in braces within an equation, which is put behind it."""
    parts = (item for item in variable.kept if item.format == FORMAT and item.part == remark_of(subscript))
    return " ".join(f"{{{item.text.replace('{', '').replace('}', '')}}}" for item in parts)


def write_points(gf: Node, points: Points, name: str, context: Context) -> None:
    """The children of a ``<gf>``; points that are spread evenly over the range of x need no ``<xpts>``."""
    kind = _KINDS.get(points.kind)
    if kind is None:
        what = f"that the points of {name} are taken by the rule {points.kind}"
        context.losses.left_out(what, points.span)
    elif kind:
        gf.attributes["type"] = kind
    for tag, limits in (("xscale", points.x_range), ("yscale", points.y_range)):
        if limits is not None:
            gf.element(tag, min=number(limits[0]), max=number(limits[1]))
    if points.x_range is None or tuple(spread(points.x_range, len(points.y))) != points.x:
        gf.element("xpts", ",".join(map(number, points.x)))
    gf.element("ypts", ",".join(map(number, points.y)))


def _stock(node: Node, stock: Stock, context: Context) -> None:
    for tag, names in (("inflow", stock.inflows), ("outflow", stock.outflows)):
        for name in names:
            node.element(tag, context.printer.name(name))
    if stock.queue:
        node.element("queue")
    if stock.conveyor is not None:
        _conveyor(node.element("conveyor"), stock.conveyor, context)


def _conveyor(node: Node, conveyor: Conveyor, context: Context) -> None:
    flags = {
        "discrete": (conveyor.discrete, False),
        "batch_integrity": (conveyor.batch_integrity, False),
        "one_at_a_time": (conveyor.one_at_a_time, True),
        "exponential_leak": (conveyor.exponential, False),
    }
    for key, (value, default) in flags.items():
        if value != default:
            node.attributes[key] = str(value).lower()
    expressions = {
        "len": conveyor.length,
        "capacity": conveyor.capacity,
        "in_limit": conveyor.in_limit,
        "sample": conveyor.sample,
        "arrest": conveyor.arrest,
    }
    for tag, expr in expressions.items():
        if expr is not None:
            node.element(tag, context.expression(expr))


def _flow(node: Node, flow: Flow) -> None:
    if flow.overflow:
        node.element("overflow")
    if flow.leak is not None:
        node.element("leak")
        for key, value, default in (
            ("leak_start", flow.leak.start, 0.0),
            ("leak_end", flow.leak.end, 1.0),
        ):
            if value != default:
                node.attributes[key] = number(value)


def _range(node: Node, variable: Variable, context: Context) -> None:
    """``<range>`` says between which values an input may be set."""
    limits = variable.value_range
    slider = variable.slider
    if slider is not None:
        if limits is None:
            limits = (slider.low, slider.high)
        if limits != (slider.low, slider.high) or variable.value_range is None or slider.step is not None:
            what = f"the slider of {variable.name}"
            context.losses.written_as(what, "a range", variable.span)
    if limits is None:
        return
    element = node.element("range")
    for key, limit in zip(("min", "max"), limits, strict=True):
        if limit is not None:
            element.attributes[key] = number(limit)

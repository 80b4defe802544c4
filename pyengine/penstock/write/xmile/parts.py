"""Units, dimensions, macros and modules as XMILE has them."""

from __future__ import annotations

from collections.abc import Iterable

from ...expr import Reference
from ...model import Dimension, Macro, Module, UnitDefinition
from ...read.xmile.markup import Node
from .context import Context, give_back
from .variables import write_variables


def write_units(root: Node, units: Iterable[UnitDefinition], context: Context) -> None:
    group = Node("model_units")
    for unit in units:
        node = group.element("unit", name=unit.name)
        context.text(node, "eqn", unit.equation, f"the equation of unit {unit.name}", unit.span)
        for alias in unit.aliases:
            context.text(node, "alias", alias, f"a name of unit {unit.name}", unit.span)
    if group.content:
        root.add(group)


def write_dimensions(root: Node, dimensions: Iterable[Dimension], context: Context) -> None:
    """``<dim>`` with its elements spelled out; the standard has neither ranges in ranges nor mappings, Stella has
    mappings in order."""
    group = Node("dimensions")
    for dimension in dimensions:
        dim = context.dimensions.dims.get(dimension.ident)
        if dimension.external is not None or dim is None:
            context.losses.left_out(f"the elements of {dimension.name}, which are in a file", dimension.span)
            continue
        if dim.names != dimension.elements:
            what = f"the elements of {dimension.name} by the names of other dimensions"
            context.losses.written_as(what, "a list of all elements", dimension.span)
        if dimension.documentation:
            context.losses.left_out(f"the documentation of the dimension {dimension.name}", dimension.span)
        node = group.element("dim", name=dimension.name)
        if dim.names == tuple(str(number) for number in range(1, len(dim.names) + 1)):
            node.attributes["size"] = str(len(dim.names))
        else:
            for name in dim.names:
                node.element("elem", name=name)
        for mapping in dimension.mappings:
            if mapping.elements:
                what = f"the mapping of {dimension.name} to {mapping.target} element by element"
                context.losses.left_out(what, mapping.span)
            else:
                node.element("isee:maps_to", mapping.target)
    if group.content:
        root.add(group)


def write_macro(root: Node, macro: Macro, context: Context) -> None:
    """A macro with one value; without an equation it is the variable of the macro's own name."""
    node = root.element("macro", name=macro.name)
    for parameter in macro.parameters:
        parm = node.element("parm", parameter.name)
        if parameter.default is not None:
            parm.attributes["default"] = context.expression(parameter.default)
    node.element("eqn", context.expression(macro.value or Reference(macro.name)))
    if macro.outputs:
        names = ", ".join(macro.outputs)
        context.losses.left_out(f"the further outputs {names} of the macro {macro.name}", macro.span)
    context.text(node, "doc", macro.documentation, f"the documentation of {macro.name}", macro.span)
    write_variables(node.element("variables"), macro, context)
    give_back(node, macro.kept, "macro")


def write_modules(parent: Node, modules: Iterable[Module], context: Context) -> None:
    for module in modules:
        node = parent.element("module", name=module.name)
        for connection in module.connections:
            node.add(Node("connect", {"to": connection.target, "from": connection.source}))
        what = f"module {module.name}"
        context.text(node, "units", module.units, f"the units of {what}", module.span)
        context.text(node, "doc", module.documentation, f"the documentation of {what}", module.span)
        give_back(node, module.kept, "module")
        _model_name(node, module)


def _model_name(node: Node, module: Module) -> None:
    """Which model a module holds if it is not of its name: under the attribute that the file had for that."""
    keys = [key for key in node.attributes if key.rpartition(":")[2] == "model_name"]
    for key in keys:
        del node.attributes[key]
    if module.model:
        node.attributes[keys[0] if keys else "simlin:model_name"] = module.model

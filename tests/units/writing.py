"""A small model as text of the three languages, from one table, so that a fault can be planted in all of them."""

from collections.abc import Mapping
from html import escape

FORMATS = ("pen", "mdl", "xmile")

# Names and kinds, units, equations; a stock's equation is its initial value.
Row = tuple[str, str, str]
SHOP: Mapping[str, Row] = {
    "Inventory": ("stock", "widgets", "initial_inventory"),
    "initial_inventory": ("const", "widgets", "100"),
    "production": ("flow", "widgets/Month", "Workers * productivity"),
    "sales": ("flow", "widgets/Month", "orders * effect"),
    "Workers": ("const", "people", "10"),
    "productivity": ("const", "widgets/(Month*person)", "20"),
    "effect": ("aux", "Dmnl", "1 - {exp}(-coverage / target_coverage)"),
    "coverage": ("aux", "Month", "Inventory / expected_orders"),
    "target_coverage": ("const", "months", "2"),
    "expected_orders": ("aux", "widgets/Month", "{smooth}(orders, delay)"),
    "delay": ("const", "Month", "3"),
    "orders": ("aux", "widgets/Month", "base + {step}(extra, start)"),
    "base": ("const", "widgets/Month", "150"),
    "extra": ("const", "widgets/Month", "20"),
    "start": ("const", "Month", "5"),
    "price": ("const", "$/widgets", "3"),
    "revenue": ("aux", "Dollars/Month", "sales * price"),
    "wage": ("const", "$/person/Month", "40"),
    "profit": ("aux", "$/Month", "{max}(0, revenue - Workers * wage)"),
}

FUNCTIONS = {
    "pen": {"exp": "exp", "smooth": "smooth", "step": "step", "max": "max", "sqrt": "sqrt", "if": "IF"},
    "mdl": {"exp": "EXP", "smooth": "SMOOTH", "step": "STEP", "max": "MAX", "sqrt": "SQRT", "if": "IF"},
    "xmile": {"exp": "EXP", "smooth": "SMTH1", "step": "STEP", "max": "MAX", "sqrt": "SQRT", "if": "IF"},
}


def written(rows: Mapping[str, Row], format: str, time: str = "Month", names: str = "") -> str:
    """The model's text; `names` are names of one unit, with commas between them."""
    rows = {
        name: (kind, units, equation.format(**FUNCTIONS[format]))
        for name, (kind, units, equation) in rows.items()
    }
    return {"pen": _pen, "mdl": _mdl, "xmile": _xmile}[format](rows, time, names)


def _pen(rows: Mapping[str, Row], time: str, names: str) -> str:
    lines = [f"time 0 to 10 by 0.25 {{{time}}}"]
    if names:
        lines.append(f"unit {' = '.join(names.split(','))}")
    for name, (kind, units, equation) in rows.items():
        lines.append(f"{kind} {name} = {equation}" + (f" {{{units}}}" if units else ""))
        if kind == "stock":
            lines += ["  in production", "  out sales"]
    return "\n".join(lines)


def _mdl(rows: Mapping[str, Row], time: str, names: str) -> str:
    def block(name: str, equation: str, units: str) -> str:
        return f"{name} =\n\t{equation}\n\t~\t{units}\n\t~\t\t|\n"

    clock = {"INITIAL TIME": "0", "FINAL TIME": "10", "TIME STEP": "0.25", "SAVEPER": "1"}
    blocks = [block(name, equation, time) for name, equation in clock.items()]
    for name, (kind, units, equation) in rows.items():
        value = f"INTEG(production - sales, {equation})" if kind == "stock" else equation
        blocks.append(block(name, value, units))
    tail = "\\\\\\---/// Sketch information\nV300\n///---\\\\\\\n:L<%^E!@\n"
    return "{UTF-8}\n" + "\n".join(blocks) + tail + (f"22:{names}\n" if names else "")


def _xmile(rows: Mapping[str, Row], time: str, names: str) -> str:
    first, *others = names.split(",")
    aliases = "".join(f"<alias>{name}</alias>" for name in others)
    variables = []
    for name, (kind, units, equation) in rows.items():
        tag = "aux" if kind == "const" else kind
        pipes = "<inflow>production</inflow><outflow>sales</outflow>" if kind == "stock" else ""
        body = f"<eqn>{escape(equation)}</eqn>{pipes}" + (f"<units>{escape(units)}</units>" if units else "")
        variables.append(f'<{tag} name="{name}">{body}</{tag}>')
    return f"""<?xml version="1.0"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<sim_specs method="Euler" time_units="{time}"><start>0</start><stop>10</stop><dt>0.25</dt></sim_specs>
<model_units>{f'<unit name="{first}">{aliases}</unit>' if names else ""}</model_units>
<model><variables>
{chr(10).join(variables)}
</variables></model></xmile>"""

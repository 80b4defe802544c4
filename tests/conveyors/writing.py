"""XMILE texts of small models with conveyors and queues."""

from penstock.compiler import compile_text


def xmile(*variables: str, stop: float = 8.0, dt: float = 0.25, method: str = "Euler", dims: str = "") -> str:
    return (
        '<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">'
        "<header><name>m</name><vendor>v</vendor><product>p</product></header>"
        f'<sim_specs method="{method}"><start>0</start><stop>{stop!r}</stop><dt>{dt!r}</dt></sim_specs>'
        f"{dims}<model><variables>{''.join(variables)}</variables></model></xmile>"
    )


def stock(name: str, initial: str, inflows: str = "", outflows: str = "", kind: str = "") -> str:
    """`inflows` and `outflows` are names with commas between them."""
    flows = "".join(
        f"<{tag}>{flow.strip()}</{tag}>"
        for tag, names in (("inflow", inflows), ("outflow", outflows))
        for flow in names.split(",")
        if flow.strip()
    )
    return f'<stock name="{name}"><eqn>{initial}</eqn>{flows}{kind}</stock>'


def flow(name: str, equation: str = "", kind: str = "", attributes: str = "") -> str:
    eqn = f"<eqn>{equation}</eqn>" if equation else ""
    return f'<flow name="{name}" {attributes}>{eqn}{kind}</flow>'


def aux(name: str, equation: str) -> str:
    return f'<aux name="{name}"><eqn>{equation}</eqn></aux>'


def leak(name: str, fraction: float, start: float = 0.0, end: float = 1.0) -> str:
    return flow(name, repr(fraction), "<leak/>", f'leak_start="{start!r}" leak_end="{end!r}"')


def conveyor(length: str, attributes: str = "", **options: str) -> str:
    inner = "".join(f"<{tag}>{value}</{tag}>" for tag, value in options.items())
    return f"<conveyor {attributes}><len>{length}</len>{inner}</conveyor>"


def compiles(*variables: str, **specs: object) -> None:
    compile_text(xmile(*variables, **specs), "m.xmile")  # type: ignore[arg-type]

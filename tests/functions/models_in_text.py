"""Models as text, run on both engines, whole and in pieces."""

import struct

from penstock.compiler import Compiled, compile_text
from penstock.run import Simulation


def compiled(text: str, ending: str = "pen") -> Compiled:
    return compile_text(text, f"model.{ending}")


def columns(simulation: Simulation, *names: str) -> dict[str, list[float]]:
    return {name: list(simulation.series(name)) for name in names}


def run(
    text: str, *names: str, ending: str = "pen", seed: int | None = None, **values: float
) -> dict[str, list[float]]:
    """Series by name; the same to the bit on both engines, in a full run, in pieces and after a reset."""
    model = compiled(text, ending)
    outcomes = []
    for engine in ("vm", "wasm"):
        with Simulation(model, engine) as simulation:
            if seed is not None:
                simulation.set_setting("seed", seed)
            for name, value in values.items():
                simulation.set_value(name, value)
            simulation.run()
            outcomes.append(columns(simulation, *names))
            simulation.reset()
            simulation.run_to(simulation.time + 3.3)
            simulation.run_to(float("inf"))
            outcomes.append(columns(simulation, *names))
    first = outcomes[0]
    for other in outcomes[1:]:
        for name in names:
            assert bits(other[name]) == bits(first[name]), name
    return first


def bits(values: list[float]) -> list[bytes]:
    return [struct.pack("<d", value) if value == value else b"nan" for value in values]


def mdl(equations: str, stop: float = 10.0, dt: float = 1.0) -> str:
    """A Vensim model around equations, one a line."""
    lines = [line.strip() for line in equations.strip().splitlines()]
    clock = [f"FINAL TIME = {stop}", "INITIAL TIME = 0", "SAVEPER = TIME STEP", f"TIME STEP = {dt}"]
    return "{UTF-8}\n" + "".join(f"{line}\n\t~\t\n\t~\t\t|\n\n" for line in [*lines, *clock])


def xmile(variables: str, stop: float = 10.0, dt: float = 1.0, vendor: str = "test") -> str:
    return (
        '<xmile xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0" version="1.0">'
        f"<header><vendor>{vendor}</vendor></header>"
        f"<sim_specs><start>0</start><stop>{stop}</stop><dt>{dt}</dt></sim_specs>"
        f"<model><variables>{variables}</variables></model></xmile>"
    )


def aux(name: str, equation: str) -> str:
    return f'<aux name="{name}"><eqn>{equation}</eqn></aux>'

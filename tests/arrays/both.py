"""Runs of small models on both engines: full, in two pieces and after a reset, always with the same bits."""

import struct

import pytest

from penstock.compiler import Compiled, compile_text
from penstock.errors import PenstockError
from penstock.hosts.wasmtime import Instance
from penstock.results import element_names
from penstock.vm import Machine

CLOCK = "INITIAL TIME = 0 ~~|\nFINAL TIME = 3 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|\n"

Series = dict[str, list[float]]


def mdl(equations: str, clock: str = CLOCK) -> Series:
    """All series of a Vensim model, given as equations with a semicolon and a line end between them."""
    return run(compile_text(_written(equations) + clock, "model.mdl"))


def xmile(dimensions: dict[str, list[str]], variables: str) -> Series:
    """All series of an XMILE model from time 0 to 3."""
    return run(compile_text(_xmile(dimensions, variables), "model.xmile"))


def refused(text: str, *, dimensions: dict[str, list[str]] | None = None) -> str:
    """What the compiler says of a model that it refuses."""
    source = _written(text) + CLOCK if dimensions is None else _xmile(dimensions, text)
    with pytest.raises(PenstockError) as caught:
        compile_text(source, "model.mdl" if dimensions is None else "model.xmile")
    return str(caught.value)


def run(compiled: Compiled) -> Series:
    whole = _columns(compiled, pieces=False)
    for pieces in (True, False):
        again = _columns(compiled, pieces=pieces)
        assert {name: _bits(values) for name, values in again.items()} == {
            name: _bits(values) for name, values in whole.items()
        }
    return whole


def _columns(compiled: Compiled, *, pieces: bool) -> Series:
    machine, instance = Machine(compiled.program), Instance(compiled.program, compiled.blob)
    found: list[Series] = []
    for engine in (machine, instance):
        if pieces:
            engine.run_to(1.0)
            engine.reset()
            engine.run_to(1.0)
            engine.run_to(float("inf"))
        else:
            engine.run()
        assert engine.get_error() == 0
        found.append(
            {
                label: list(engine.column(row["column"] + number))
                for row in compiled.program.variables
                for number, label in enumerate(
                    element_names(row["name"], row.get("dims", ()), compiled.program.dims)
                )
            }
        )
    for name, values in found[0].items():
        assert _bits(values) == _bits(found[1][name]), name
    return found[0]


def _bits(values: list[float]) -> list[bytes]:
    return [struct.pack("<d", value) if value == value else b"NaN" for value in values]


def _written(equations: str) -> str:
    lines = [line.strip() for line in equations.strip().split("\n")]
    return "{UTF-8}\n" + "".join(f"{line} ~~|\n" for line in lines if line)


def _xmile(dimensions: dict[str, list[str]], variables: str) -> str:
    dims = "".join(
        f'<dim name="{name}">{"".join(f"""<elem name="{e}"/>""" for e in elements)}</dim>'
        for name, elements in dimensions.items()
    )
    return (
        '<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">'
        "<header><vendor>t</vendor><product>t</product></header>"
        "<sim_specs><start>0</start><stop>3</stop><dt>1</dt></sim_specs>"
        f"<dimensions>{dims}</dimensions><model><variables>{variables}</variables></model></xmile>"
    )


def aux(name: str, equation: str, *dims: str) -> str:
    """An XMILE auxiliary; its dimensions follow the equation."""
    listed = "".join(f'<dim name="{dim}"/>' for dim in dims)
    over = f"<dimensions>{listed}</dimensions>" if dims else ""
    return f'<aux name="{name}">{over}<eqn>{equation}</eqn></aux>'


def element_values(name: str, dim: str, **values: str) -> str:
    """An XMILE auxiliary with an equation for each element."""
    parts = "".join(f'<element subscript="{key}"><eqn>{text}</eqn></element>' for key, text in values.items())
    return f'<aux name="{name}"><dimensions><dim name="{dim}"/></dimensions>{parts}</aux>'

"""An edit compiled with what is known of the text before gives just what a fresh compile gives.

Edits are made of the text's own tokens: replaced, taken out, doubled, swapped and taken back. So numbers, names,
dimensions, declarations and settings change, variables come and go, and the syntax breaks and is mended.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from penstock.compiler import Compiled, Session, compile_text
from penstock.engines import Engine
from penstock.errors import PenstockError
from penstock.hosts.wasmtime import Instance
from penstock.ir import Function, bodies, nodes, statements, uses
from penstock.ops import bits_of
from penstock.program import Program
from penstock.vm import Machine

SAMPLES = sorted((Path(__file__).parents[2] / "web" / "samples").glob("*.pen"))

ARRAYS = """{UTF-8}
region: north, south, west ~~|
coast: north, west ~~|
:MACRO: SLOWLY(input, time to adjust)
SLOWLY = INTEG((input - SLOWLY) / time to adjust, input) ~~|
:END OF MACRO:
people[region] = INTEG(births[region] - moves[region], start people[region]) ~people~|
start people[region] = 10, 20, 30 ~people~|
births[region] = people[region] * birth rate ~people/year~|
birth rate = 0.03 ~1/year [0, 0.1]~|
moves[coast] = SMOOTH(people[coast], 3) * share(Time / 10) ~people/year~|
moves[south] = SLOWLY(people[south], 4) / 100 ~people/year~|
share([(0,0)-(10,1)],(0,0.01),(1,0.02),(5,0.05),(10,0.01)) ~Dmnl~|
total = SUM(people[region!]) ~people~|
crowding = WITH LOOKUP(total / 60, ((0,1),(1,1),(2,3))) ~Dmnl~|
chain[north] = total ~~|
chain[south] = chain[north] + 1 ~~|
chain[west] = chain[south] * crowding ~~|
noise = RANDOM UNIFORM(0, 1, 7) + DELAY FIXED(total, 2, 0) ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 10 ~~|
TIME STEP = 0.5 ~~|
SAVEPER = TIME STEP ~~|
"""

MODULES = """<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><name>shops</name></header>
<sim_specs method="euler"><start>0</start><stop>8</stop><dt>0.5</dt></sim_specs>
<model><variables>
<module name="shop"><connect to="shop.price" from="price"/></module>
<aux name="price"><eqn>3 + sold / 100</eqn></aux>
<aux name="sold"><eqn>shop.sales * 2</eqn></aux>
</variables></model>
<model name="shop"><variables>
<aux name="price" access="input"><eqn>1</eqn></aux>
<stock name="goods"><eqn>50</eqn><outflow>sales</outflow><non_negative/></stock>
<flow name="sales" access="output"><eqn>smooth &lt; 1</eqn><non_negative/></flow>
<aux name="smooth"><eqn>SMTH1(goods / 4, 2)</eqn></aux>
</variables></model></xmile>
"""

MODELS = {
    **{path.name: path.read_text(encoding="utf-8") for path in SAMPLES},
    "arrays.mdl": ARRAYS,
    "modules.xmile": MODULES,
}

TOKEN = re.compile(r"\w+(?:\.\w+)?|\s+|[^\w\s]")


def edits(text: str, seed: int) -> Iterator[str]:
    """One text after the other, each an edit of the one before, or an earlier one again."""
    chance = random.Random(seed)
    texts = [text]
    while True:
        tokens = TOKEN.findall(texts[-1])
        lines = texts[-1].splitlines(keepends=True)
        place, other = chance.randrange(len(tokens)), chance.randrange(len(tokens))
        row, second = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(9):
            case 0 | 1:
                numbers = [at for at, token in enumerate(tokens) if token[0].isdigit()]
                tokens[chance.choice(numbers or [place])] = f"{chance.randrange(1, 40) / 4:g}"
            case 2:
                tokens[place] = tokens[other]
            case 3:
                del tokens[place]
            case 4:
                names = [at for at, token in enumerate(tokens) if token[0].isalpha()]
                tokens[chance.choice(names)] = tokens[chance.choice(names)]
            case 5:
                del lines[row]
                tokens = lines
            case 6:
                lines.insert(row, lines[second])
                tokens = lines
            case 7:
                lines[row], lines[second] = lines[second], lines[row]
                tokens = lines
            case _:
                tokens = [chance.choice(texts)]
        texts.append("".join(tokens) or text)
        if chance.random() < 0.4:  # so that errors do not pile up
            texts.append(text if len(texts) < 3 else chance.choice(texts[:3]))
            yield texts[-2]
        yield texts[-1]


def outcome(text: str, name: str, partial: bool, session: Session | None) -> dict[str, Any]:
    """All that a compile yields, as text where objects are only equal to themselves."""
    try:
        compiled = compile_text(text, name, partial=partial, session=session)
    except PenstockError as problem:
        return {"errors": [item.to_json() for item in problem.diagnostics]}
    return {
        "program": told(compiled.program),
        "draft": session and session.draft(compiled),
        "layout": compiled.layout,
        "document": compiled.document,
        "warnings": [item.to_json() for item in compiled.warnings],
        "missing": [
            (item.name, item.needs, [it.to_json() for it in item.reasons]) for item in compiled.missing
        ],
        "flat": compiled.flat,
        "blob": Lazy(compiled),
    }


def told(program: Program) -> list[str]:
    """All that a program says, each node once: as a tree it may be endless."""
    lines = []
    for function in program.own:
        numbers: dict[int, int] = {}
        for node in nodes(function):
            lines.append(f"{node.op} {node.type} {node.imm!r} {[numbers[id(arg)] for arg in node.args]}")
            numbers[id(node)] = len(numbers)
        for statement in statements(function.body):
            values = [getattr(statement, name, "") for name in ("name", "region", "offset", "count")]
            shown = [numbers.get(id(value), value) for value in values]
            inner = [len(body) for body in bodies(statement)]
            lines.append(
                f"{type(statement).__name__} {shown} {[numbers[id(node)] for node in uses(statement)]} {inner}"
            )
    bare = program.with_each(lambda function: Function(function.name))
    return [*lines, repr(replace(bare, functions={})), repr(list(program.functions))]


class Lazy:
    """A blob, made when it is compared, which is dear."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lazy) and self.compiled.blob == other.compiled.blob


def check(name: str, text: str, seed: int, count: int) -> int:
    """How many of the edited texts could be run."""
    sessions = {partial: Session() for partial in (False, True)}
    sound = 0
    changing = edits(text, seed)
    for number in range(count):
        edited = text if number == 0 else next(changing)
        partial = number % 3 == 2
        found = outcome(edited, name, partial, sessions[partial])
        fresh = outcome(edited, name, partial, Session() if number % 2 else None)
        if number % 2 == 0:  # without a session nothing is ever known, and there are no drafts
            found.pop("draft", None)
            fresh.pop("draft", None)
        if number % 5:
            found.pop("blob", None)
            fresh.pop("blob", None)
        assert found.keys() == fresh.keys(), (number, edited, found.get("errors"), fresh.get("errors"))
        for key in fresh:
            assert found[key] == fresh[key], (key, number, edited)
        sound += "program" in fresh
    return sound


@pytest.mark.parametrize("name", MODELS)
def test_an_edit_gives_what_a_fresh_compile_gives(name: str, scale: Callable[[int, int], int]) -> None:
    assert check(name, MODELS[name], seed=1, count=scale(6, 400))


@pytest.mark.parametrize("name", MODELS)
def test_a_draft_gives_the_values_of_the_bytecode_machine(name: str) -> None:
    session = Session()
    compiled = compile_text(MODELS[name], name, session=session)
    engines: tuple[Engine, ...] = (
        Instance(compiled.program, session.draft(compiled)),
        Machine(compiled.program),
    )
    for engine in engines:
        engine.run()
    draft, machine = engines
    assert draft.saved_steps == machine.saved_steps > 1
    for column in range(compiled.program.n_columns):
        assert list(map(bits_of, draft.column(column))) == list(map(bits_of, machine.column(column))), column

"""Polarities against differences: what rules and rows say of a sign holds for the values that the engine computes."""

from random import Random

import pytest

import penstock
from penstock import Compiled
from penstock.builtins import BUILTINS
from penstock.builtins.table import Builtin
from penstock.structure import causal_graph

RULED = [(row, param) for row in BUILTINS.values() for param in row.slopes if not param.startswith("lookup")]
STEPS = (0.0, 0.3, 1.0, 2.5)


def function(row: Builtin) -> Compiled:
    """A model whose result is the function's value, its arguments constants that can be set."""
    names = [param.rstrip("?*") for param in row.params]
    arguments = ", ".join("table" if name == "lookup" else f"p {name}" for name in names)
    constants = "\n".join(f"const p {name} = 1" for name in names if name != "lookup")
    called = f"`{row.name}`" if "if" in row.name or "not" in row.name else row.name.replace("_", " ")
    table = "lookup table = (-9, -4) (0, 0) (9, 7)"
    return penstock.loads(f"{constants}\n{table}\naux y = {called}({arguments})\ntime 0 to 8 by 0.5")


def value(model: Compiled, given: dict[str, float]) -> float:
    """The last value of a run."""
    return penstock.simulate(model, engine="vm", overrides={f"p {k}": v for k, v in given.items()})["y"][-1]


def argument(rng: Random, param: str) -> float:
    """Times and orders must be positive, and whole numbers of steps where they are steps."""
    if param in ("time", "order"):
        return float(rng.randint(1, 3))
    return round(rng.uniform(-3.0, 3.0), 2)


@pytest.mark.parametrize(("row", "param"), RULED, ids=lambda item: getattr(item, "name", item))
def test_a_row_of_the_table_states_slopes_that_its_function_has(row: Builtin, param: str) -> None:
    rule = row.slopes[param]
    rng = Random(f"{row.name} {param}")
    model = function(row)
    names = [item.rstrip("?*") for item in row.params if item != "lookup"]
    for _ in range(6):
        given = {item: argument(rng, item) for item in names}
        if row.name in ("ln", "log10", "sqrt"):
            given = {item: abs(number) for item, number in given.items()}
        if row.name in ("arcsin", "arccos"):
            given = {item: number / 10 for item, number in given.items()}
        direction = 1.0 if rule[0] == "+" else -1.0
        other = rule[1:]
        if other and other != "lookup":
            if given[other] == 0.0:
                continue
            direction *= 1.0 if given[other] > 0 else -1.0
        before = None
        for step in STEPS:
            moved = {**given, param: given[param] + step}
            if other and other != "lookup" and moved[other] * given[other] <= 0.0:
                continue  # past zero, where the rule turns round
            if row.name in ("arcsin", "arccos") and step > 0.5:
                continue
            if row.name in ("zidz", "xidz", "safediv") and given["b"] * moved["b"] <= 0.0:
                continue
            now = value(model, moved)
            if now != now:
                continue
            if before is not None:
                assert direction * (now - before) >= -1e-9, (row.name, moved)
            before = now


def value_of(model: Compiled, name: str, number: float) -> float:
    return penstock.simulate(model, engine="vm", overrides={name: number})["y"][0]


OPERATORS = ("+", "-", "*", "/")


def expression(rng: Random, depth: int) -> str:
    if depth == 0:
        return rng.choice(["a", "b", "c", "2", "0.5"])
    left, right = expression(rng, depth - 1), expression(rng, depth - 1)
    match rng.randrange(8):
        case 0:
            return f"max({left}, {right})"
        case 1:
            return f"min({left}, {right})"
        case 2:
            return f"(if {left} > {right} then {left} else {right})"
        case 3:
            return f"exp(-({left}))"
        case _:
            return f"({left} {rng.choice(OPERATORS)} {right})"


@pytest.mark.parametrize("seed", range(40))
def test_no_polarity_of_a_random_equation_is_contradicted_by_its_values(seed: int) -> None:
    rng = Random(seed)
    equation = expression(rng, 3)
    text = f"const a = 1.5\nconst b = 2.25\nconst c = 0.75\naux y = {equation}\ntime 0 to 1 by 1"
    model = penstock.loads(text)
    graph = causal_graph(model.flat)
    at = {"a": 1.5, "b": 2.25, "c": 0.75}
    here = penstock.simulate(model, engine="vm")["y"][0]
    for link in graph.into.get("y", ()):
        if link.polarity == "?" or link.source not in at:
            continue
        for h in (1e-6, -1e-6):
            moved = value_of(model, link.source, at[link.source] * (1 + h))
            rise = (moved - here) * (1 if h > 0 else -1)
            expected = 1 if link.polarity == "+" else -1
            assert expected * rise >= -1e-12 * max(1.0, abs(here)), (equation, link)


@pytest.mark.smoke
def test_a_run_settles_signs_that_rules_leave_open() -> None:
    text = "stock S = 1\n  in grow\nflow grow = S * k\nconst k = 0.1\ntime 0 to 9 by 1"
    flat = penstock.loads(text).flat
    of = {link.source: link.polarity for link in causal_graph(flat).into["grow"]}
    assert of == {"s": "+", "k": "?"}
    in_run = {link.source: link.polarity for link in causal_graph(flat, {"s": (1.0, 2.4)}).into["grow"]}
    assert in_run == {"s": "+", "k": "+"}
    falling = {link.source: link.polarity for link in causal_graph(flat, {"s": (-2.0, -1.0)}).into["grow"]}
    assert falling == {"s": "+", "k": "-"}

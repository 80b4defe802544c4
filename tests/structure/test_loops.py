"""Loops against an enumeration by brute force, and against what textbooks say of small models."""

from itertools import permutations
from random import Random

import pytest

import penstock
from penstock.structure import Graph, Link, Node, causal_graph, feedback_loops, strong_components
from penstock.structure.graph import _grouped

pytestmark = pytest.mark.smoke


def made(count: int, pairs: list[tuple[int, int]], signs: str = "") -> Graph:
    nodes = {f"v{n}": Node(f"v{n}", f"v{n}", "stock" if n % 3 == 0 else "auxiliary") for n in range(count)}
    links = [
        Link(f"v{a}", f"v{b}", signs[place] if signs else "+") for place, (a, b) in enumerate(sorted(pairs))
    ]
    return Graph(nodes, tuple(links), _grouped(links, "target"), _grouped(links, "source"))


def random_graph(rng: Random, count: int, density: float) -> tuple[Graph, set[tuple[int, int]]]:
    pairs = {(a, b) for a in range(count) for b in range(count) if rng.random() < density}
    return made(count, list(pairs), "".join(rng.choice("+-?") for _ in pairs)), pairs


def by_force(count: int, pairs: set[tuple[int, int]]) -> set[tuple[int, ...]]:
    """Every cycle, from its least node on: all orders of all sets of nodes are tried."""
    found = set()
    for length in range(1, count + 1):
        for nodes in permutations(range(count), length):
            if nodes[0] == min(nodes) and all(
                (nodes[n], nodes[(n + 1) % length]) in pairs for n in range(length)
            ):
                found.add(nodes)
    return found


def numbers(nodes: tuple[str, ...]) -> tuple[int, ...]:
    cycle = [int(name[1:]) for name in nodes]
    first = cycle.index(min(cycle))
    return tuple(cycle[first:] + cycle[:first])


@pytest.mark.parametrize("seed", range(12))
def test_all_loops_of_small_graphs_are_found_once(seed: int) -> None:
    graph, pairs = random_graph(Random(seed), 6, 0.35)
    found = feedback_loops(graph, 10_000)
    assert found.complete
    assert sorted(numbers(loop.nodes) for loop in found.loops) == sorted(by_force(6, pairs))


@pytest.mark.parametrize("seed", range(12))
def test_a_loop_reinforces_unless_an_odd_number_of_its_links_is_negative(seed: int) -> None:
    graph, _ = random_graph(Random(seed), 6, 0.3)
    for loop in feedback_loops(graph).loops:
        signs = [link.polarity for link in loop.links]
        assert [link.source for link in loop.links] == list(loop.nodes)
        if "?" in signs:
            assert loop.polarity == "?"
        else:
            product = 1
            for sign in signs:
                product *= -1 if sign == "-" else 1
            assert loop.polarity == ("R" if product > 0 else "B")


@pytest.mark.parametrize(
    ("count", "density", "seed"), [(14, 0.3, 0), (20, 0.17, 1), (30, 0.12, 2), (30, 0.12, 3)]
)
def test_where_there_are_too_many_short_loops_cover_every_link_in_a_loop(
    count: int, density: float, seed: int
) -> None:
    graph, pairs = random_graph(Random(seed), count, density)
    found = feedback_loops(graph, 20)
    assert not found.complete
    reach = {a: {a} for a in range(count)}
    for _ in range(count):
        for a, b in pairs:
            for seen in reach.values():
                if a in seen:
                    seen.add(b)
    in_loops = {(a, b) for a, b in pairs if a in reach[b]}
    shown = [numbers(loop.nodes) for loop in found.loops]
    cycles = [set(zip(cycle, (*cycle[1:], cycle[0]), strict=True)) for cycle in shown]
    assert set().union(*cycles) == in_loops
    assert all(len(set(cycle)) == len(cycle) for cycle in shown)
    assert [len(cycle) for cycle in shown] == sorted(map(len, shown))
    covered: set[tuple[int, int]] = set()
    for cycle in cycles:
        new = cycle - covered
        assert new, "a loop that adds nothing"
        # one of the links that it adds has no shorter loop through it
        assert any(len(cycle) == shortest_through(link, pairs, count) for link in new)
        covered |= cycle


def shortest_through(link: tuple[int, int], pairs: set[tuple[int, int]], count: int) -> int:
    """The length of the shortest cycle through a link: one more than the distance back."""
    start, end = link[1], link[0]
    distance = {start: 0}
    for length in range(count):
        for a, b in pairs:
            if distance.get(a) == length:
                distance.setdefault(b, length + 1)
    return distance[end] + 1


def test_the_order_does_not_depend_on_anything_but_the_model() -> None:
    graph, _ = random_graph(Random(5), 9, 0.3)
    again = Graph(
        graph.nodes,
        tuple(reversed(graph.links)),
        _grouped(graph.links[::-1], "target"),
        _grouped(graph.links[::-1], "source"),
    )
    assert feedback_loops(graph, 5) == feedback_loops(again, 5)
    assert feedback_loops(graph, 9999) == feedback_loops(again, 9999)


def test_components_are_sets_of_variables_that_reach_each_other() -> None:
    graph = made(7, [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3), (5, 5), (4, 6)])
    assert strong_components(graph) == (("v0", "v1", "v2"), ("v3", "v4"), ("v5",))


SIR = """
stock Susceptible = 999
  out infection
stock Infected = 1
  in infection
  out recovery
flow infection = contact rate * Susceptible * Infected / total
flow recovery = Infected / duration
const contact rate = 0.5
const total = 1000
const duration = 5
time 0 to 50 by 0.25
"""


def test_an_epidemic_has_contagion_depletion_and_recovery() -> None:
    """Sterman, Business Dynamics, figure 9-5: contagion reinforces, depletion and recovery balance."""
    model = penstock.loads(SIR)
    seen = {"susceptible": (0.0, 999.0), "infected": (0.0, 999.0)}
    loops = feedback_loops(causal_graph(model.flat, seen)).loops
    assert {(loop.polarity, frozenset(loop.nodes)) for loop in loops} == {
        ("R", frozenset({"infected", "infection"})),
        ("B", frozenset({"susceptible", "infection"})),
        ("B", frozenset({"infected", "recovery"})),
    }
    assert [loop.name for loop in loops] == ["B1 Susceptible", "R1 Infected", "B2 Infected"]


def test_delays_in_a_loop_are_counted() -> None:
    model = penstock.loads(
        "stock S = 1\n  in fill\nflow fill = goal - smooth(S, 3)\nconst goal = 5\ntime 0 to 9 by 1"
    )
    (loop,) = feedback_loops(causal_graph(model.flat)).loops
    assert (loop.name, loop.polarity, loop.delays, loop.stocks) == ("B1 S", "B", 1, ("s",))

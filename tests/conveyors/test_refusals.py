"""What is not built about conveyors and queues is refused by its name."""

import pytest

from conveyors.writing import aux, conveyor, flow, stock, xmile
from modules.running import messages

IN, OUT = flow("in", "1"), flow("out")


def belt(kind: str, outflows: str = "out") -> str:
    return stock("belt", "0", "in", outflows, kind)


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ((belt(conveyor("2", "fifo='true'")), IN, OUT), "the attribute fifo of the conveyor belt"),
        (
            (belt("<conveyor><len>1</len><split>1</split></conveyor>"), IN, OUT),
            "<split> of the conveyor belt",
        ),
        ((belt("<oven><len>1</len></oven>"), IN, OUT), "<oven> of belt"),
        ((belt(conveyor("1") + "<queue/>"), IN, OUT), "belt as a conveyor and a queue"),
        ((belt(conveyor("1")), IN, flow("out", attributes="isee:spreadflow='even'")), "spreadflow"),
        ((belt(conveyor("1")), IN, flow("out", "0.1", "<leak/>")), "no outflow at the end"),
        (
            (belt(conveyor("1"), "out, b, c"), IN, OUT, flow("b", "0"), flow("c", "0.1", "<leak/>")),
            "more than one outflow at the end",
        ),
        (
            (belt(conveyor("1"), "out, c"), IN, OUT, flow("c", "0.1", "<leak/><leak_integers/>")),
            "<leak_integers> of c",
        ),
        ((belt(""), IN, flow("out", "0.1", "<leak/>")), "a leak (out) that leaves no conveyor"),
        ((belt(""), IN, flow("out", "0.1", "<overflow/>")), "an overflow (out) that leaves no queue"),
        ((belt("<queue/>"), IN, flow("out", "0", "<overflow/>")), "an overflow as the first outflow"),
        (
            (belt("<queue/>"), IN, OUT, stock("b", "0", "out", "c", conveyor("1")), flow("c")),
            "the conveyor b, which is not discrete, behind a queue",
        ),
        (
            (
                belt("<queue/>"),
                IN,
                OUT,
                stock("b", "0", "out, d", "c", conveyor("1", "discrete='true'")),
                flow("c"),
                flow("d", "1"),
            ),
            "the conveyor b with a queue and other inflows",
        ),
        (
            (
                belt("<queue/>", "out, over"),
                IN,
                OUT,
                flow("over", "0", "<overflow/>"),
                stock("b", "0", "over", "c", conveyor("1", "discrete='true'")),
                flow("c"),
            ),
            "a conveyor behind a later outflow",
        ),
        ((stock("belt", "1, 2", "in", "out", conveyor("1")), IN, OUT), "a list of initial values of belt"),
        ((stock("line", "1, 2", "in", "out", "<queue/>"), IN, OUT), "a list of initial values of line"),
        (
            (belt(conveyor("1")), stock("b", "0", "in", "c", conveyor("1")), IN, OUT, flow("c")),
            "the flow in into b and another",
        ),
        (
            (belt("<queue/>"), stock("b", "0", "", "out", conveyor("1")), IN, OUT),
            "the flow out out of b and another",
        ),
        ((belt(conveyor("1")), aux("in", "1"), OUT), "in of stock belt is not a flow"),
        (
            (belt(conveyor("1 + TIME"), "out, c"), IN, OUT, flow("c", "0.1", "<leak/>")),
            "the transit time of belt must be known before the run",
        ),
        (
            (belt(conveyor("a"), "out, c"), IN, OUT, flow("c", "0.1", "<leak/>"), aux("a", "belt + 1")),
            "but belt changes",
        ),
        ((belt(conveyor("1 + TIME")), IN, OUT, aux("a", "SIZE(belt)")), "the slats of belt"),
        ((belt(conveyor("1 + TIME")), IN, OUT, aux("a", "belt[2]")), "the slats of belt"),
        ((belt(conveyor("1 + TIME")), IN, OUT, aux("a", "TRANSTIME(belt)")), "TRANSTIME"),
        ((belt(conveyor("1"), "out, out"), IN, OUT), "listed twice"),
    ],
)
def test_what_is_not_built_is_refused_by_its_name(variables: tuple[str, ...], words: str) -> None:
    assert any(words in message for message in messages(xmile(*variables), "m.xmile"))


@pytest.mark.parametrize("method", ["rk2", "rk4"])
@pytest.mark.parametrize("kind", [conveyor("1"), "<queue/>"])
def test_other_methods_than_euler_are_refused(method: str, kind: str) -> None:
    found = messages(xmile(belt(kind), IN, OUT, method=method), "m.xmile")
    assert found
    assert f"with method {method}" in found[0]

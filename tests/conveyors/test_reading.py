"""What the document says of conveyors and queues."""

from conveyors.writing import conveyor, flow, stock, xmile
from penstock.expr import Number
from penstock.model import Conveyor, Flow, Leak, Stock
from penstock.read import read_text


def variables(*written: str) -> dict[str, Stock | Flow]:
    model = read_text(xmile(*written), "m.xmile").model
    return {item.name: item for item in model.variables if isinstance(item, (Stock, Flow))}


def test_a_conveyor_is_read_with_all_that_it_says() -> None:
    kind = conveyor(
        "4",
        'discrete="true" batch_integrity="TRUE" one_at_a_time="false" exponential_leak="1"',
        capacity="1200",
        in_limit="500",
        sample="1",
        arrest="0",
    )
    belt = variables(stock("belt", "7", "a", "b, c", kind + "<non_negative/>"), flow("a", "1"), flow("b"))[
        "belt"
    ]
    assert isinstance(belt, Stock)
    assert belt.conveyor == Conveyor(
        Number(4.0),
        capacity=Number(1200.0),
        in_limit=Number(500.0),
        sample=Number(1.0),
        arrest=Number(0.0),
        discrete=True,
        exponential=True,
        one_at_a_time=False,
        batch_integrity=True,
    )
    assert not belt.non_negative


def test_options_that_are_left_out_are_those_of_the_standard() -> None:
    found = variables(stock("belt", "7", "a", "b", conveyor("4")), stock("line", "0", "", "a", "<queue/>"))
    belt, line = found["belt"], found["line"]
    assert isinstance(belt, Stock)
    assert isinstance(line, Stock)
    assert belt.conveyor == Conveyor(Number(4.0), one_at_a_time=True)
    assert (belt.queue, line.queue, line.conveyor) == (False, True, None)


def test_leaks_and_overflows_are_marks_of_flows() -> None:
    found = variables(
        stock("belt", "7", "", "a, b, c", conveyor("4")),
        stock("line", "7", "", "d, e", "<queue/>"),
        flow("a"),
        flow("b", "0.1", "<leak/>", 'leak_start="0.25" leak_end="0.5"'),
        flow("c", "", "<leak>0.2</leak>"),
        flow("d"),
        flow("e", "", "<overflow/>"),
    )
    leaks = {name: item.leak for name, item in found.items() if isinstance(item, Flow)}
    assert leaks == {"a": None, "b": Leak(0.25, 0.5), "c": Leak(), "d": None, "e": None}
    assert [name for name, item in found.items() if isinstance(item, Flow) and item.overflow] == ["e"]
    equations = {name: item.equations[0].expr for name, item in found.items()}
    assert (equations["a"], equations["b"], equations["c"]) == (Number(0.0), Number(0.1), Number(0.2))

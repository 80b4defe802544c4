"""The page's side of the workers, in Node, against workers that do what each test says."""

from collections.abc import Callable


def test_client(node_tests: Callable[[str], None]) -> None:
    node_tests("client")

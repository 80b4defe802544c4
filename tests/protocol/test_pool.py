"""The worker pool of the page, in Node, against workers that do what each test says."""

from collections.abc import Callable


def test_pool(node_tests: Callable[[str], None]) -> None:
    node_tests("pool")

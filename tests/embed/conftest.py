"""A static host with the embed and models on it, instead of the workbench."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import build
from embed.site_of import write_site


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the host serves."""
    folder = tmp_path_factory.mktemp("host") / "docs" / "v1"
    folder.mkdir(parents=True)
    write_site(folder)
    return folder


@pytest.fixture(scope="session")
def site(folder: Path) -> Iterator[str]:
    """The folder's address, below a path, since nothing in it may need the root."""
    with build.StaticServer(folder.parent.parent) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/docs/v1/"
        server.shutdown()
        thread.join()

"""JupyterLab on this machine, with settings of its own, in place of the site."""

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import build

PATIENCE = 120


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which nothing of the person's own Jupyter is seen or changed."""
    own = tmp_path_factory.mktemp("jupyter")
    places = (
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTERLAB_SETTINGS_DIR",
        "IPYTHONDIR",
    )
    workspaces = {"JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces")}
    return {**os.environ, **{name: str(own / name.lower()) for name in places}, **workspaces}


@pytest.fixture(scope="session")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that JupyterLab shows."""
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="session")
def site(jupyter: dict[str, str], notebooks: Path) -> Iterator[str]:
    log = notebooks.parent / "jupyterlab.log"
    with build.StaticServer(notebooks) as taken:
        port = taken.server_port
    options = (
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
        "--no-browser",
        "--allow-root",
    )
    quiet = ("--LabApp.news_url=", "--LabApp.extension_manager=readonly")
    command = [build.PYTHON, "-m", "jupyterlab", *options, *quiet, f"--ServerApp.root_dir={notebooks}"]
    with (
        log.open("w") as out,
        subprocess.Popen(command, env=jupyter, stdout=out, stderr=subprocess.STDOUT) as server,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}/api", server, log)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}", pytrace=False)

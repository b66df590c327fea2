"""Servers on loopback: a witness that counts who comes, Jupyter's and Voila's."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TOKEN = "tests"
STARTING = 60
"""Seconds that a server may take to start, on a machine that does other things too."""


class Witness(ThreadingHTTPServer):
    """A server that a page made of hostile text must never reach.

    Attributes
    ----------
    paths : list of str
        Of the requests, in order.
    connections : int
        How often somebody connected, also without a word.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.paths: list[str] = []
        self.connections = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def reached_by(self) -> set[int]:
        """Numbers of the payloads that requested."""
        numbers = (re.match(r"/(\d+)", path) for path in self.paths)
        return {int(number[1]) for number in numbers if number}

    def process_request(self, request: object, client_address: object) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    @contextlib.contextmanager
    def serving(self) -> Iterator[Witness]:
        """Serve until the block ends."""
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            self.server_close()
            thread.join()


class _Answer(BaseHTTPRequestHandler):
    server: Witness
    timeout = 5

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        call = f"__ran({self.path[1:].split('.')[0]})"
        kind, body = {
            ".js": ("text/javascript", call),
            ".html": ("text/html", f"<script>{call}</script>"),
            ".css": ("text/css", "p { color: red }"),
        }.get(Path(self.path).suffix, ("text/plain", ""))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(body.encode())

    do_POST = do_HEAD = do_OPTIONS = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Server:
    """A server in a process of its own, and the folder that it serves."""

    url: str
    folder: Path


@contextlib.contextmanager
def running(command: Sequence[str], folder: Path, port: int) -> Iterator[Server]:
    """Run a server until the block ends; settings and kernels see nothing of the user's own."""
    state = folder.parent / f"{folder.name}-state"
    hidden = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR", "LAB_WORKSPACES_DIR", "LAB_SETTINGS_DIR")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
        **{f"JUPYTER_{name}".replace("R_LAB", "RLAB"): str(state / name) for name in hidden},
        "IPYTHONDIR": str(state / "ipython"),
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said: list[str] = []
    ready = threading.Event()
    listener = threading.Thread(target=_listen, args=(process, said, ready))
    listener.start()
    try:
        ready.wait(STARTING)
        if process.poll() is not None or not ready.is_set():
            raise RuntimeError(f"{command[0]} did not start:\n{''.join(said)}")
        yield Server(f"http://127.0.0.1:{port}", folder)
    finally:
        # Asked to end, a server ends its kernels too, which are in sessions of their own.
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            pass
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            listener.join()


def _listen(process: subprocess.Popen[str], said: list[str], ready: threading.Event) -> None:
    assert process.stdout
    with process.stdout as lines:
        for line in lines:
            said.append(line)
            if "is running at" in line:
                ready.set()
    ready.set()


def jupyter(folder: Path) -> contextlib.AbstractContextManager[Server]:
    """Run a Jupyter server with JupyterLab and Notebook 7."""
    port = free_port()
    settings = {
        "ServerApp": {
            "ip": "127.0.0.1",
            "port": port,
            "port_retries": 0,
            "allow_root": True,
            "open_browser": False,
            "root_dir": str(folder),
            "jpserver_extensions": {"voila.server_extension": False, "jupyter_lsp": False},
        },
        "IdentityProvider": {"token": TOKEN},
        "LabApp": {
            "expose_app_in_browser": True,
            "news_url": None,
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "extension_manager": "readonly",
        },
        "JupyterNotebookApp": {"expose_app_in_browser": True},
    }
    file = folder.parent / f"{folder.name}.json"
    file.write_text(json.dumps(settings))
    return running(["jupyterlab", f"--config={file}"], folder, port)


def voila(folder: Path) -> contextlib.AbstractContextManager[Server]:
    """Run a Voila server for the notebooks in a folder."""
    port = free_port()
    settings = [f"--port={port}", "--port_retries=0", "--no-browser", "--Voila.ip=127.0.0.1"]
    return running(["voila", *settings, str(folder)], folder, port)


def free_port() -> int:
    """Find a port of loopback that nobody has."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])

"""A notebook of calls that go wrong, run in a kernel, and read for traces of the key."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from tests.cloud.canary import KEY
from tests.faults.scenarios import Cases, Scenario

_BEGIN = """
import logging
import smarttag_nb as stag
logging.basicConfig(level=logging.DEBUG)
%xmode Verbose
client = stag.Client(endpoint="{endpoint}", timeout=1, store="{store}")
client, vars(client)
"""

_CELLS = (
    'client.query("{slug}.query")',
    'dict(client.query_many(["{slug}.0", "{slug}.1", "{slug}.fine"]))',
    'job = client.query("{slug}.linked"); client.fetch(job, hosts=["{endpoint}"])',
)


def traces(cases: Cases, folder: Path, scenarios: list[Scenario]) -> tuple[int, int]:
    """Run three cells for each fault of the emulator.

    Returns
    -------
    (int, int)
        How many of the cells ended in an error, and how often the key stands in the notebook.
    """
    endpoint, store = cases.endpoint, folder / "notebook.sqlite"
    cells = [_BEGIN.format(endpoint=endpoint, store=store)]
    for scenario in scenarios:
        if not callable(scenario.fault):
            cells += [cell.format(slug=scenario.slug, endpoint=endpoint) for cell in _CELLS]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    environment = os.environ | {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": KEY.access_key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": KEY.access_key_secret,
        "ALIBABA_CLOUD_SECURITY_TOKEN": str(KEY.security_token),
    }
    # Under pytest the kernel would take warnings of its libraries for errors.
    environment.pop("PYTHONWARNINGS", None)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    NotebookClient(notebook, allow_errors=True, timeout=120).execute(env=environment)
    told = nbformat.writes(notebook)
    failed = sum(out.output_type == "error" for cell in notebook.cells for out in cell.outputs)
    stored = b"".join(file.read_bytes() for file in folder.glob("notebook.sqlite*"))
    return failed, told.upper().count("CANARY") + stored.upper().count(b"CANARY")

from . import alignment as alignment
from . import cloud as cloud
from . import corpus as corpus
from . import emulator as emulator
from . import errors as errors
from . import exports as exports
from . import frames as frames
from . import intervals as intervals
from . import measures as measures
from . import plots as plots
from . import samples as samples
from . import tables as tables
from .alignment import align as align
from .cloud import Client as Client
from .corpus import Corpus as Corpus
from .corpus import sql as sql
from .job import Job as Job
from .readers import load as load
from .readers import read_callback as read_callback
from .report import report as report
from .widgets import explore as explore
from .widgets import panels as panels

__all__ = [
    "Client",
    "Corpus",
    "Job",
    "align",
    "alignment",
    "cloud",
    "corpus",
    "emulator",
    "errors",
    "explore",
    "exports",
    "frames",
    "intervals",
    "load",
    "measures",
    "panels",
    "plots",
    "read_callback",
    "report",
    "samples",
    "sql",
    "tables",
]

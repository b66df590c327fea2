from . import measures as measures
from . import plots as plots
from .corpus import Corpus as Corpus
from .ingest import Added as Added
from .sql import sql as sql

__all__ = ["Added", "Corpus", "measures", "plots", "sql"]

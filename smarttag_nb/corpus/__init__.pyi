from . import measures as measures
from . import plots as plots
from .comparison import CorpusComparison as CorpusComparison
from .corpus import Corpus as Corpus
from .ingest import Added as Added
from .sql import sql as sql

__all__ = ["Added", "Corpus", "CorpusComparison", "measures", "plots", "sql"]

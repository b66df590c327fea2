"""Measures of many jobs: a Corpus in, a frame out.

Those of names and phrases look at the best answer of each job, as the view ``best_jobs`` chooses
it; `coverage` and `problems` at every answer.
"""

from .answers import coverage, problems
from .names import co_appearance, presence, trends
from .phrases import phrases

__all__ = ["co_appearance", "coverage", "phrases", "presence", "problems", "trends"]

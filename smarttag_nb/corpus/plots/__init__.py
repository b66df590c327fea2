"""Plots of many jobs: each takes a Corpus and an Axes, draws into it and returns it."""

from .coverage import coverage
from .matrix import matrix
from .network import network
from .trends import trends

__all__ = ["coverage", "matrix", "network", "trends"]

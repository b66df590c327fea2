"""Measures: a Job in, a frame out. They load nothing and draw nothing."""

from .presence import presence

__all__ = ["presence"]

"""Exports: a Job's tables as files for other tools."""

from .tabular import FORMATS, write_tables

__all__ = ["FORMATS", "write_tables"]

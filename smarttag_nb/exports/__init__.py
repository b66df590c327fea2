"""Exports: tables as files for other tools."""

from .subtitles import srt, webvtt
from .tabular import FORMATS, read_tables, write_tables

__all__ = ["FORMATS", "read_tables", "srt", "webvtt", "write_tables"]

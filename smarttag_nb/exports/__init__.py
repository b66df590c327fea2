"""Exports: tables as files for other tools."""

from .elan import elan
from .export import Export
from .subtitles import srt, webvtt
from .tabular import FORMATS, read_tables, write_tables

__all__ = ["FORMATS", "Export", "elan", "read_tables", "srt", "webvtt", "write_tables"]

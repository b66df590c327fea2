"""Exports: tables as files for other tools."""

from .subtitles import srt, webvtt
from .tabular import FORMATS, write_tables

__all__ = ["FORMATS", "srt", "webvtt", "write_tables"]

"""Exports: tables as files for other tools."""

from .coco import coco
from .cvat import cvat
from .elan import elan
from .excel import excel
from .export import Export
from .fiftyone import fiftyone
from .label_studio import label_studio
from .subtitles import srt, webvtt
from .tabular import FORMATS, read_tables, write_tables

__all__ = [
    "FORMATS",
    "Export",
    "coco",
    "cvat",
    "elan",
    "excel",
    "fiftyone",
    "label_studio",
    "read_tables",
    "srt",
    "webvtt",
    "write_tables",
]

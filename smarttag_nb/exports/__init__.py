"""Exports: tables as files for other tools."""

from .coco import coco
from .cvat import cvat
from .export import Export
from .fiftyone import fiftyone
from .label_studio import label_studio
from .subtitles import srt, webvtt
from .tabular import FORMATS, write_tables

__all__ = [
    "FORMATS",
    "Export",
    "coco",
    "cvat",
    "fiftyone",
    "label_studio",
    "srt",
    "webvtt",
    "write_tables",
]

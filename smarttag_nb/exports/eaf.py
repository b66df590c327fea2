"""Annotation documents of ELAN, version 3.0: tiers of annotations as XML.

The format: https://www.mpi.nl/tools/elan/EAF_Annotation_Format_3.0_and_ELAN.pdf
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import numpy as np
import numpy.typing as npt

from .characters import clean

Floats = npt.NDArray[np.float64]

LATEST = 2**32 - 1
"""The last millisecond that can be told: TIME_VALUE is an unsigned int."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier.

    Attributes
    ----------
    name : str
        Its id, which no other tier has.
    type : str
        Its linguistic type.
    participant : str
        Who is heard; empty where nobody in particular.
    start, end : ndarray of float, shape (n,)
        Whole milliseconds, 0 to `LATEST`. No annotation overlaps another.
    texts : list of str
        What each annotation says.
    """

    name: str
    type: str
    participant: str
    start: Floats
    end: Floats
    texts: list[str]


def document(tiers: Sequence[Tier], media: Mapping[str, str] | None) -> bytes:
    """Write a document.

    Parameters
    ----------
    tiers : sequence of Tier
        Its tiers.
    media : mapping of str to str, optional
        The attributes of its media descriptor.

    Returns
    -------
    bytes
        XML in UTF-8.
    """
    root = ET.Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "smarttag_nb",
            "DATE": datetime.now(UTC).isoformat(timespec="seconds"),
            "FORMAT": "3.0",
            "VERSION": "3.0",
            "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation": (
                "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
            ),
        },
    )
    header = ET.SubElement(root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    if media is not None:
        ET.SubElement(header, "MEDIA_DESCRIPTOR", dict(media))
    total = sum(len(tier.texts) for tier in tiers)
    # What ELAN numbers its next annotation by.
    ET.SubElement(header, "PROPERTY", NAME="lastUsedAnnotationId").text = str(total)
    first, last = _slots(ET.SubElement(root, "TIME_ORDER"), tiers)
    number = 0
    for tier in tiers:
        named = {"TIER_ID": tier.name, "LINGUISTIC_TYPE_REF": tier.type}
        if tier.participant:
            named["PARTICIPANT"] = clean(tier.participant)
        element = ET.SubElement(root, "TIER", named)
        for text in tier.texts:
            annotation = ET.SubElement(
                ET.SubElement(element, "ANNOTATION"),
                "ALIGNABLE_ANNOTATION",
                ANNOTATION_ID=f"a{number + 1}",
                TIME_SLOT_REF1=f"ts{first[number]}",
                TIME_SLOT_REF2=f"ts{last[number]}",
            )
            ET.SubElement(annotation, "ANNOTATION_VALUE").text = clean(text)
            number += 1
    for name in dict.fromkeys(tier.type for tier in tiers):
        ET.SubElement(
            root,
            "LINGUISTIC_TYPE",
            LINGUISTIC_TYPE_ID=name,
            TIME_ALIGNABLE="true",
            GRAPHIC_REFERENCES="false",
        )
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _slots(order: ET.Element, tiers: Sequence[Tier]) -> tuple[list[int], list[int]]:
    """Write the moments of all annotations in their order, and number their starts and ends."""
    if not tiers:
        return [], []
    starts, ends = (
        np.concatenate([getattr(tier, name) for tier in tiers]) for name in ("start", "end")
    )
    times = np.concatenate([starts, ends])
    # At one moment, what ends comes before what starts.
    by_time = np.lexsort((np.arange(len(times)) < len(starts), times))
    for number, time in enumerate(times[by_time].astype(np.int64).tolist(), 1):
        ET.SubElement(order, "TIME_SLOT", TIME_SLOT_ID=f"ts{number}", TIME_VALUE=str(time))
    numbers = np.argsort(by_time) + 1
    return numbers[: len(starts)].tolist(), numbers[len(starts) :].tolist()

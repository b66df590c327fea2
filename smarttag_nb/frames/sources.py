"""What a video or an image is given as: a path, a file, an array; and what it looks like."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from ..errors import InvalidArgument, MediaError, NotMedia

Frame = npt.NDArray[np.uint8]
Source = str | os.PathLike[str] | BinaryIO


HEAD = 64
"""Bytes that tell what a file is."""

_IMAGES = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")
"""What Pillow may take a file for: nothing that runs a program or reads other files."""

EBML = b"\x1aE\xdf\xa3"
FILES = {b"ftyp": "an MP4 or MOV file", EBML: "a Matroska or WebM file"}

_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def name_of(source: object) -> str:
    """Name a source in messages."""
    if isinstance(source, (str, os.PathLike)):
        return Path(source).name
    name = getattr(source, "name", None)
    return Path(name).name if isinstance(name, str) else type(source).__name__


def opened(source: object, expected: str) -> tuple[BinaryIO, bool]:
    """Open a path, or rewind a file: the file, and whether it is ours to close."""
    if isinstance(source, (str, os.PathLike)):
        return Path(source).expanduser().open("rb"), True
    if not (hasattr(source, "read") and hasattr(source, "seek")):
        looks = f"an object of type {type(source).__name__}"
        if isinstance(source, (bytes, bytearray, memoryview)):
            looks += " (wrap it in io.BytesIO)"
        raise NotMedia(name_of(source), expected, looks)
    file = cast(BinaryIO, source)
    if not file.seekable():
        looks = "a file that cannot seek (read it into an io.BytesIO)"
        raise NotMedia(name_of(source), expected, looks)
    if not isinstance(file.read(0), bytes):
        raise NotMedia(name_of(source), expected, "a text file (open it with mode 'rb')")
    file.seek(0)
    return file, False


def looks_like(file: BinaryIO, head: bytes) -> str:
    """Say what a file looks like that is not what was expected."""
    if not head:
        return "an empty file"
    for mark, kind in FILES.items():
        if mark in head[:8]:
            return kind
    if all(byte >= 32 or byte in b"\t\r\n" for byte in head):
        return "text"
    file.seek(0)
    try:
        with Image.open(file, formats=_IMAGES) as image:
            return f"a {image.format} picture"
    except (UnidentifiedImageError, *_BOMBS):
        return "data of no format known here"


def is_still(file: BinaryIO, name: str) -> bool:
    """Tell an image of one frame from what may be a video."""
    try:
        with Image.open(file, formats=_IMAGES) as image:
            return image.format not in ("GIF", "PNG") or not getattr(image, "is_animated", False)
    except UnidentifiedImageError:
        return False
    except _BOMBS:
        raise MediaError(name, too_large()) from None


def pixels_of(file: BinaryIO, name: str) -> Frame:
    """Decode an image, upright and on white."""
    head = file.read(HEAD)
    file.seek(0)
    try:
        with Image.open(file, formats=_IMAGES) as image:
            upright = ImageOps.exif_transpose(image)
            if upright.mode.startswith("I;16"):
                upright = Image.fromarray((np.asarray(upright) >> 8).astype(np.uint8))
            if upright.has_transparency_data:
                paper = Image.new("RGBA", upright.size, "white")
                upright = Image.alpha_composite(paper, upright.convert("RGBA"))
            return np.array(upright.convert("RGB"))
    except UnidentifiedImageError:
        raise NotMedia(name, "an image", looks_like(file, head)) from None
    except _BOMBS:
        raise MediaError(name, too_large()) from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        if getattr(error, "errno", None) is not None:
            raise
        raise NotMedia(name, "an image", f"a damaged one ({error})") from None


def too_large() -> str:
    """Say that a picture has more pixels than is safe."""
    return (
        f"it has more than {Image.MAX_IMAGE_PIXELS} pixels, which may be an attack on memory. "
        "Raise PIL.Image.MAX_IMAGE_PIXELS if you trust it"
    )


def checked(pixels: npt.NDArray[Any]) -> Frame:
    """Refuse an array that is no picture."""
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or not pixels.size:
        got = f"{pixels.dtype}, shape {pixels.shape}"
        raise InvalidArgument("source", "an array of uint8, shape (height, width, 3)", got)
    return np.array(pixels, order="C")

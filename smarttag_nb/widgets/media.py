"""What the explorer and the report are given as video: a file, bytes or a URL."""

from __future__ import annotations

import io
import json
import mimetypes
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal
from urllib.parse import quote, urlsplit

import numpy as np
from PIL import Image

from .. import frames
from ..errors import InvalidArgument
from ..frames.sources import is_still, name_of, opened


@dataclass(frozen=True)
class Media:
    """A video or an image to show in a page.

    Attributes
    ----------
    kind : str
        ``"video"`` or ``"image"``.
    mime : str
        Its media type, such as ``"video/mp4"``.
    size : int or None
        Bytes; None of a URL.
    path : pathlib.Path or None
        Where it lies, of a file on this machine.
    url : str or None
        Where it lies on the web.
    """

    kind: Literal["video", "image"]
    mime: str
    size: int | None
    path: Path | None = None
    url: str | None = None
    content: bytes | None = None

    def data(self) -> bytes:
        """Read its bytes.

        Raises
        ------
        InvalidArgument
            It is on the web: nothing is fetched from there.
        OSError
            The file cannot be read.
        """
        if self.content is not None:
            return self.content
        if self.path is None:
            raise InvalidArgument("video", "a file on this machine, to embed it", self.url)
        return self.path.read_bytes()


def find(video: Any) -> Media | None:
    """Tell what is given as video.

    Parameters
    ----------
    video : path, http(s) URL, binary file, Still, array, Media or None
        A video or an image.

    Returns
    -------
    Media or None
        None for None.

    Raises
    ------
    NotMedia
        It is neither a video nor an image.
    InvalidArgument
        It is of a kind that cannot be shown in a page.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> media = find(stag.samples.video("magazine"))
    >>> media.kind, media.mime
    ('video', 'video/mp4')
    """
    if video is None or isinstance(video, Media):
        return video
    if isinstance(video, str) and urlsplit(video).scheme.lower() in ("http", "https"):
        mime = mimetypes.guess_type(urlsplit(video).path)[0] or "video/mp4"
        return Media("image" if mime.startswith("image/") else "video", mime, None, url=video)
    if isinstance(video, frames.Still):
        return _picture(video.at())
    if isinstance(video, np.ndarray):
        return _picture(video)
    if isinstance(video, frames.Video):
        raise InvalidArgument("video", "a path, a binary file or a URL, which a page plays", video)
    file, is_own = opened(video, "a video or an image: a path, a binary file or a URL")
    try:
        kind, mime = _told(file, name_of(video))
        if kind == "image" and mime not in _SHOWN:
            file.seek(0)
            return _picture(frames.Still(file).at())
        if is_own:
            path = Path(video).expanduser().resolve()
            return Media(kind, mime, path.stat().st_size, path)
        file.seek(0)
        content = file.read()
        return Media(kind, mime, len(content), content=content)
    finally:
        if is_own:
            file.close()


def _picture(pixels: Any) -> Media:
    buffer = io.BytesIO()
    Image.fromarray(frames.Still(pixels).at()).save(buffer, "PNG")
    content = buffer.getvalue()
    return Media("image", "image/png", len(content), content=content)


def _told(file: BinaryIO, name: str) -> tuple[Literal["video", "image"], str]:
    """Tell what a file is by its first bytes; its name is not to be believed."""
    file.seek(0)
    head = file.read(64)
    file.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] not in _STILLS:
        return "video", "video/mp4"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video", "video/webm" if b"webm" in head else "video/x-matroska"
    if is_still(file, name):
        file.seek(0)
        with Image.open(file) as image:
            return "image", image.get_format_mimetype() or "image/png"
    # A browser may play it or not, and says so; what is no video at all is told here.
    file.seek(0)
    frames.Video(file).close()
    return "video", mimetypes.guess_type(name)[0] or "video/mp4"


_SHOWN = ("image/avif", "image/bmp", "image/gif", "image/jpeg", "image/png", "image/webp")
"""Images that browsers show; others are made PNG."""

_STILLS = (b"avif", b"avis", b"heic", b"mif1")


def embeds(media: Media | None, embed: Any, most: int) -> bool:
    """Tell whether a page is to hold media itself.

    Parameters
    ----------
    media : Media or None
        What is to be shown.
    embed : bool or "auto"
        What the caller wants. ``"auto"``: what is small enough, and what has no path or URL.
    most : int
        Bytes up to which media is small enough.

    Returns
    -------
    bool
        False for None.

    Raises
    ------
    InvalidArgument
        `embed` is something else, or cannot be: media on the web is not fetched, and what has
        neither a path nor a URL has to be embedded.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> media = find(stag.samples.video("magazine"))
    >>> embeds(media, "auto", 30_000_000), embeds(media, "auto", 1000), embeds(media, True, 1000)
    (True, False, True)
    """
    if not (isinstance(embed, bool) or (isinstance(embed, str) and embed == "auto")):
        raise InvalidArgument("embed", "True, False or 'auto'", embed)
    if media is None:
        return False
    if media.url is not None:
        if embed is True:
            raise InvalidArgument(
                "embed", "'auto' or False for media on the web, since nothing is fetched", embed
            )
        return False
    if media.path is None:
        if embed is False:
            raise InvalidArgument(
                "embed", "'auto' or True for media without a path or URL to link it by", embed
            )
        return True
    small = media.size is not None and media.size <= most
    return small if embed == "auto" else bool(embed)


def link_from(page: Path, media: Media) -> str:
    """Tell how a page finds media that it does not hold: by its URL, or its path from the page.

    Raises
    ------
    InvalidArgument
        The media has neither.
    """
    if media.url is not None:
        return media.url
    if media.path is None:
        raise InvalidArgument("video", "a path or a URL, for the page to link it", "its content")
    try:
        from_page = os.path.relpath(media.path, page.resolve().parent)
    except ValueError:
        # On another drive.
        return media.path.as_uri()
    # A colon in the first part would be read as a scheme.
    return "./" + quote(from_page.replace(os.sep, "/"))


def jupyter_url(path: Path) -> str | None:
    """Tell where the Jupyter server that runs this kernel serves a file; None where it does not.

    The server answers range requests there, so that a player seeks in a large video without
    loading all of it.
    """
    server = _server()
    if server is None:
        return None
    root = Path(str(server.get("root_dir") or server.get("notebook_dir") or "")).resolve()
    if not path.is_relative_to(root):
        return None
    base = str(server.get("base_url", "/"))
    return f"{base.rstrip('/')}/files/{quote(path.relative_to(root).as_posix())}"


def _server() -> dict[str, Any] | None:
    """Read what the server that started this kernel says of itself."""
    parent = os.environ.get("JPY_PARENT_PID", "")
    if not parent.isdigit():
        return None
    from jupyter_core.paths import jupyter_runtime_dir

    for name in (f"jpserver-{parent}.json", f"nbserver-{parent}.json"):
        try:
            told = json.loads((Path(jupyter_runtime_dir()) / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(told, dict):
            return told
    return None

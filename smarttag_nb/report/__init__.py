"""Report: one HTML page that needs nothing else, from an answer and its video."""

from __future__ import annotations

import errno
import io
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from tqdm import tqdm

from .. import frames
from ..alignment import Alignment, align
from ..alignment.result import check_alignment
from ..errors import InvalidArgument
from ..exports.whole import check_target, write_whole
from ..job import Job, check_job
from ..widgets import media as medias
from ..widgets import page
from . import download, figures, html
from .gather import all_tables, gather
from .words import Words

__all__ = ["report"]

EMBED = 25_000_000
"""Most bytes of a video that ``embed="auto"`` puts into the page."""


def report(
    job: Job,
    path: str | os.PathLike[str],
    video: Any = None,
    alignment: Alignment | Literal["auto"] | None = "auto",
    title: str | None = None,
    lang: Literal["en", "zh"] = "en",
    embed: bool | Literal["auto"] = "auto",
) -> Path:
    """Write a page that tells all of an answer, with its video, to send to anybody.

    The page is one file. It loads nothing from anywhere, reads without JavaScript, prints, and
    follows the reader's light or dark. What the answer does not hold is not in it.

    Parameters
    ----------
    job : Job
        An answer.
    path : path
        The file to write, such as ``"report.html"``. Its folder is made where it is missing, and
        a file that is there is replaced once the new one is whole.
    video : path, http(s) URL, binary file, Still or array, optional
        The video or the image. Of one on the web no pictures are cut, since nothing is fetched.
    alignment : Alignment, "auto" or None
        Of the speech with the text on screen. ``"auto"`` makes it where there is text on screen.
    title : str, optional
        In place of the job's: of the title that the answer tells, or else its id.
    lang : {"en", "zh"}
        The language of what the page says of its own.
    embed : bool or "auto"
        Whether the video stands in the page itself. ``"auto"``: up to 25 MB, and what has no path
        or URL. A video that does not is linked by its path from the page's folder; keep the two
        together.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InvalidArgument
        An argument is of the wrong kind, or the video cannot be embedded, or not be linked.
    NotMedia, TruncatedMedia
        The video is none, or ends too early.
    OSError
        The video cannot be read, or the file not be written.

    Warns
    -----
    UserWarning
        Boxes do not fit into the video's frame, or are later than its end.

    Examples
    --------
    >>> import smarttag_nb as stag, tempfile
    >>> job = stag.samples.load("magazine", answer="smart-handle-tags")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = stag.report(job, f"{folder}/report.html")
    ...     "<h1" in file.read_text(encoding="utf-8")
    True
    """
    check_job(job)
    words = Words(lang)
    if title is not None and not isinstance(title, str):
        raise InvalidArgument("title", "a text", title)
    # It may hold what is no character, which the explorer's payload cannot.
    title = title and title.encode("utf-8", "replace").decode()
    target = _target(path)
    media = medias.find(video)
    embedded = medias.embeds(media, embed, EMBED)
    link = None if media is None or embedded else medias.link_from(target, media)

    # Text, not the widget that tqdm.auto may choose: its state would stay in the notebook.
    with tqdm(total=7, desc=target.name, leave=False, delay=_LONG) as bar:
        if isinstance(alignment, str) and alignment == "auto":
            alignment = align(job) if len(job.best("ocr")) else None
        elif alignment is not None:
            check_alignment(alignment)
        bar.update()
        told = gather(job, alignment, title)
        plots = {}
        for name, draw in figures.plotted(told, job, alignment).items():
            plots[name] = figures.figure(draw, words)
            bar.update()
        pictures = _pictures(job, media, plots, words)
        bar.update()
        archive = download.pack(all_tables(job, alignment)) if told.tables else None
        bar.update()
        explorer = None
        if media is not None or any(len(job[name]) for name in _EXPLORED):
            explorer = page.parts(job, alignment, media, lang, link, told.title)
        text = html.page(
            told,
            pictures,
            words,
            archive=archive,
            explorer=explorer,
            media=_name(media),
            link=link,
        )
        # A text of the caller's may hold what is no character.
        write_whole(target, text.encode("utf-8", "replace"))
        bar.update(bar.total - bar.n)
    return target


_LONG = 8.0
"""Seconds after which to tell how far it is."""

_EXPLORED = (
    *("labels", "speech", "ocr", "shots", "cues"),
    *("chapters", "summaries", "mindmap", "highlights", "texts"),
)
"""Tables that the explorer shows: where all are empty, the page does without it."""


def _target(path: Any) -> Path:
    if not isinstance(path, (str, os.PathLike)):
        raise InvalidArgument("path", "the file to write, such as 'report.html'", path)
    target = Path(path).expanduser()
    # Before the work begins: it is in vain where nothing can be written.
    if target.is_dir():
        raise InvalidArgument("path", "a file to write, not a folder", str(target))
    check_target(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(target.parent, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    return target


def _name(media: medias.Media | None) -> str:
    if media is None:
        return ""
    if media.url is not None:
        return urlsplit(media.url).path.rpartition("/")[2] or media.url
    return media.path.name if media.path is not None else ""


def _pictures(
    job: Job, media: medias.Media | None, plots: dict[str, figures.Figure], words: Words
) -> html.Pictures:
    if media is None or media.url is not None:
        return html.Pictures(plots)
    with ExitStack() as stack:
        source: Any = media.path if media.content is None else io.BytesIO(media.content)
        opened = stack.enter_context(frames.open(source))
        people = figures.people(job, opened)
        if isinstance(opened, frames.Still):
            plots = {**plots, "picture": figures.picture(job, opened, words)}
            return html.Pictures(plots, people)
        return html.Pictures(plots, people, figures.sheet(job, opened))

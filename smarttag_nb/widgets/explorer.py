"""The explorer: a job's media, its labels, its texts and its time line in a notebook cell."""

from __future__ import annotations

import base64
import math
import os
import weakref
from collections.abc import Callable, Mapping
from numbers import Real
from pathlib import Path
from typing import Any, Literal, cast

import anywidget
import numpy as np
import pandas as pd
import traitlets

from .. import alignment as aligned
from .. import intervals
from ..alignment import Alignment
from ..alignment.result import check_alignment
from ..errors import InvalidArgument, UnknownName, printable
from ..exports.whole import write_whole
from ..job import Job, check_job
from ..tables import TABLES
from . import page
from .drawn import boxes_of
from .media import Media, embeds, find, jupyter_url, link_from
from .payload import pack, speech_of, without_boxes

EMBED = 30 * 10**6
"""Bytes of media that are sent into the page; what is larger is played from a URL."""

FALLBACK = 2 * 10**6
"""Bytes of the page that stands in for the widget where no kernel and no widget is."""

_CHOSEN = (
    *("labels", "occurrences", "speech", "lines", "translations", "shots", "chapters"),
    *("summaries", "mindmap", "highlights", "texts", "cues"),
)
"""Tables whose rows can be chosen."""

_FILTERS: Mapping[str, Any] = {"kinds": None, "score": 0.0, "ratio": 0.0, "name": ""}

Selection = dict[str, pd.DataFrame]


class _Seconds(traitlets.Float):  # type: ignore[type-arg]  # traitlets < 5.10 takes none
    """A moment, as a float: what numpy and pandas give is one too."""

    def validate(self, obj: Any, value: Any) -> float:
        return _second(value, self.name or "range")


class Explorer(anywidget.AnyWidget):
    """Player, time line, transcript and labels of one answer, in a cell.

    Made by `explore`. What is chosen in it can be read and set from Python.

    Attributes
    ----------
    time : float
        The moment shown, in seconds. Setting it seeks.
    range : (float, float) or None
        The time range chosen on the time line, in seconds.
    filters : dict
        Which labels are shown: kinds (list of str, or None for all), score and ratio (the least,
        0 to 1) and name (a part of it). Keys that are not given keep nothing out.
    lang : str
        The language of the interface, ``"en"`` or ``"zh"``.
    """

    _esm = page.bundle("explorer.js")
    _css = page.bundle("explorer.css")

    time = _Seconds(0.0).tag(sync=True)
    range = traitlets.Tuple(_Seconds(), _Seconds(), default_value=None, allow_none=True).tag(
        sync=True
    )
    filters = traitlets.Dict(default_value=dict(_FILTERS)).tag(sync=True)
    lang = traitlets.Enum(("en", "zh"), "en").tag(sync=True)
    _selected = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)

    def __init__(
        self,
        job: Job,
        media: Media | None,
        alignment: Alignment | None,
        embed: bool,
        lang: page.Lang,
    ) -> None:
        super().__init__(lang=lang)
        self._job, self._media, self._alignment, self._embed = job, media, alignment, embed
        self._payload = pack(job, alignment)
        self._spoken = speech_of(job, alignment)[0]
        # A bound method kept by the widget would keep the widget alive.
        own = weakref.ref(self)

        def answer(_: Any, content: Any, __: Any) -> None:
            explorer = own()
            if explorer is not None:
                explorer._answer(content)

        self.on_msg(answer)

    def __repr__(self) -> str:
        rows = ((len(self._job.best(name)), name) for name in ("labels", "speech", "boxes"))
        told = ", ".join(f"{count:,} {name}" for count, name in rows)
        return printable(f"<Explorer of {self._title}: {told}>")

    def __dir__(self) -> list[str]:
        # Tab completion shows what is meant for it, not all that widgets are made of.
        own = ("filters", "lang", "on_select", "range", "seek", "selection", "static", "time")
        return sorted({*own, "close", "observe", "to_html", "unobserve"})

    @property
    def _title(self) -> str:
        return self._job.title or "a raw result"

    # What the page asks for, and is sent.

    def _answer(self, content: Any) -> None:
        if not isinstance(content, dict) or content.get("type") != "ready":
            return
        # Pages whose messages carry no bytes (some hosted notebooks) get them as text.
        as_text = content.get("base64") is True
        to = content.get("view")
        self._give({"type": "payload", "view": to}, self._payload, as_text)
        media = self._media
        if media is None:
            return
        told: dict[str, Any] = {"type": "media", "view": to, "kind": media.kind, "mime": media.mime}
        if self._embed:
            try:
                self._give(told, media.data(), as_text)
            except OSError as error:
                self.send({**told, "problem": "unreadable", "why": str(error.strerror)})
            return
        url = media.url or (jupyter_url(media.path) if media.path is not None else None)
        self.send({**told, "url": url} if url else {**told, "problem": "unreachable"})

    def _give(self, content: dict[str, Any], data: bytes, as_text: bool) -> None:
        if as_text:
            self.send({**content, "base64": base64.b64encode(data).decode()})
        else:
            self.send(content, [data])

    # State.

    @traitlets.validate("range")
    def _check_range(self, proposal: Any) -> tuple[float, float] | None:
        value = proposal["value"]
        return None if value is None else (min(value), max(value))

    @traitlets.validate("filters")
    def _check_filters(self, proposal: Any) -> dict[str, Any]:
        given = proposal["value"]
        for name in given:
            if name not in _FILTERS:
                raise UnknownName("filter", name, _FILTERS)
        made = {**_FILTERS, **given}
        kinds, name = made["kinds"], made["name"]
        if kinds is not None:
            if isinstance(kinds, str) or not all(isinstance(kind, str) for kind in kinds):
                raise InvalidArgument("filters['kinds']", "a list of kinds, or None", kinds)
            made["kinds"] = list(kinds)
        for key in ("score", "ratio"):
            if not isinstance(made[key], Real) or not 0 <= made[key] <= 1:
                raise InvalidArgument(f"filters[{key!r}]", "a number from 0 to 1", made[key])
        if not isinstance(name, str):
            raise InvalidArgument("filters['name']", "text", name)
        return made

    def seek(self, t: float) -> None:
        """Go to a moment.

        Parameters
        ----------
        t : float
            Seconds.

        Raises
        ------
        InvalidArgument
            It is no time.
        """
        self.time = _second(t, "t")
        # Sent besides, since the page may have gone on from the very time that is set.
        self.send({"type": "seek", "time": self.time})

    @property
    def selection(self) -> Selection:
        """What is chosen, as rows of the tables by name; settable.

        A label comes with its occurrences, attributes and the boxes that are drawn for it (of
        another result's label of its name, where that one has them), a line on screen with the
        OCR rows it was read from. Where a range is chosen too, rows outside of it are left out;
        where only a range is chosen, all rows in it are given. Tables without rows are left out.

        Set it to rows of a table (a frame), to a label's name, or to None.
        """
        chosen = self._selected
        if chosen is None and self.range is None:
            return {}
        found = self._everything() if chosen is None else self._belonging(**chosen)
        if self.range is not None:
            found = {name: self._within(name, rows) for name, rows in found.items()}
            if "attributes" in found:
                told = found["attributes"]
                found["attributes"] = told[told["box_id"].isin(found["boxes"]["box_id"])]
            if "labels" in found and chosen is None:
                labels, seen = self._job.best("labels"), found.get("occurrences")
                there = seen["label_id"] if seen is not None else []
                found["labels"] = labels[labels["label_id"].isin(there)]
        return {name: rows.reset_index(drop=True) for name, rows in found.items() if len(rows)}

    @selection.setter
    def selection(self, rows: pd.DataFrame | str | None) -> None:
        if rows is None:
            self.set_trait("_selected", None)
            return
        chosen: pd.DataFrame = self._named(rows) if isinstance(rows, str) else rows
        table = self._table_of(chosen)
        key = self._key(table)
        ids = chosen[key].dropna().astype(int).tolist()
        there = set(self._rows(table)[key].tolist())
        strange = [one for one in ids if one not in there]
        if strange:
            raise InvalidArgument("selection", f"rows of this job's {table}", f"{key} {strange[0]}")
        shown = "speech" if table == self._spoken else table
        self.set_trait("_selected", {"table": shown, "ids": ids} if ids else None)

    def _named(self, name: str) -> pd.DataFrame:
        labels = self._job.best("labels")
        found: pd.DataFrame = labels[labels["name"] == name]
        if not len(found):
            raise UnknownName("label", name, labels["name"].dropna().unique())
        return found

    def on_select(self, callback: Callable[[Selection], Any]) -> Callable[[], None]:
        """Call a function whenever what is chosen changes, with `selection`.

        Parameters
        ----------
        callback : callable
            Takes the selection, a dict of frames.

        Returns
        -------
        callable
            Called without arguments, it ends this.
        """

        def told(_: Any) -> None:
            callback(self.selection)

        names = ["_selected", "range"]
        self.observe(told, names)
        return lambda: self.unobserve(told, names)

    def _key(self, table: str) -> str:
        return "line_id" if table == "lines" else TABLES[table].key

    def _rows(self, table: str) -> pd.DataFrame:
        if table == "lines":
            if self._alignment is not None:
                return self._alignment.lines
            return aligned.lines(self._job.best("ocr"))
        if table == self._spoken:
            return speech_of(self._job, self._alignment)[1]
        return self._job[table]

    def _table_of(self, rows: Any) -> str:
        if isinstance(rows, pd.DataFrame) and len(rows.columns):
            for table in _CHOSEN:
                if rows.columns[0] == self._key(table):
                    return table
        raise InvalidArgument(
            "selection", f"rows of {', '.join(_CHOSEN)} with their id, a label's name or None", rows
        )

    def _belonging(self, table: str, ids: list[int]) -> Selection:
        # What is said is one table in the page, whichever it is from.
        table = self._spoken if table == "speech" else table
        rows = self._rows(table)
        found = {table: rows[rows[self._key(table)].isin(ids)]}
        job = self._job
        if table == "labels":
            seen = job["occurrences"]
            found["occurrences"] = seen[seen["label_id"].isin(ids)]
            found["boxes"] = boxes_of(job, ids)
        elif table == "occurrences":
            labels, boxes = job["labels"], job["boxes"]
            found["labels"] = labels[labels["label_id"].isin(found[table]["label_id"])]
            found["boxes"] = boxes[boxes["occurrence_id"].isin(ids)]
        elif table == "lines":
            read = {one for rows in found[table]["rows"] for one in rows}
            found["ocr"] = job["ocr"][job["ocr"]["ocr_id"].isin(read)]
        if "boxes" in found:
            told = job["attributes"]
            found["attributes"] = told[told["box_id"].isin(found["boxes"]["box_id"])]
        return found

    def _everything(self) -> Selection:
        found = {name: self._job.best(name) for name in TABLES if _has_times(self._job[name])}
        return {"labels": self._job.best("labels"), **found}

    def _within(self, name: str, rows: pd.DataFrame) -> pd.DataFrame:
        if not _has_times(rows):
            return rows
        low, high = self.range
        start, end = intervals.bounds(rows)
        found: pd.DataFrame = rows[(start <= high) & (np.fmax(start, end) >= low)]
        return found

    # Without a kernel.

    def to_html(
        self, path: str | os.PathLike[str], video: Literal["embed", "link"] | None = "embed"
    ) -> Path:
        """Write the explorer as one file that needs no kernel, no server and no network.

        Parameters
        ----------
        path : path
            The file.
        video : str, optional
            ``"embed"`` puts the media into the file, ``"link"`` refers to where it lies, and None
            leaves it out.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        InvalidArgument
            The media cannot be embedded or linked.
        OSError
            The file cannot be written; an older one stays as it is.
        """
        file = Path(path)
        link = None
        if video == "link":
            link = None if self._media is None else link_from(file, self._media)
        write_whole(file, self._page(video, link).encode())
        return file

    def static(self, video: Literal["embed"] | None = None) -> page.Static:
        """Give the explorer as an output that needs no kernel, for notebooks to be exported.

        Parameters
        ----------
        video : str, optional
            ``"embed"`` puts the media into the notebook.

        Returns
        -------
        Static
            Shows in a cell, in an exported page too.
        """
        return page.Static(self._page(video, None))

    def _page(self, video: str | None, link: str | None, packed: bytes | None = None) -> str:
        if video not in ("embed", "link", None):
            raise InvalidArgument("video", "'embed', 'link' or None", video)
        media = self._media if video is not None else None
        lang = cast(page.Lang, self.lang)
        made = page.packed_parts(packed or self._payload, media, lang, link)
        return page.page(made, self._title, lang)

    def _repr_mimebundle_(self, **_: Any) -> Any:
        bundle = super()._repr_mimebundle_()
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/plain"] = repr(self)
            # Where the widget cannot show (an export, a viewer), its page does, as far as it fits.
            packed = self._payload
            if len(packed) > FALLBACK:
                packed = without_boxes(packed)
            shown = page.Static(self._page(None, None, packed))._repr_html_()
            if len(shown.encode()) <= FALLBACK:
                data["text/html"] = shown
        return bundle


def explore(
    job: Job,
    video: Any = None,
    alignment: Alignment | Literal["auto"] | None = "auto",
    embed: bool | Literal["auto"] = "auto",
    *,
    lang: page.Lang = "en",
) -> Explorer:
    """Look around in an answer: play, seek, choose, filter, search, and go on in pandas.

    Parameters
    ----------
    job : Job
        An answer.
    video : path, URL, binary file, Still or array, optional
        The video or the image it is about. Without it, boxes are shown on an empty stage.
    alignment : Alignment or None
        Its speech beside its text on screen, as `align` gives it. ``"auto"`` aligns them where
        the answer has both.
    embed : bool
        Whether the media is sent into the page, or played from where the notebook's server has
        it. ``"auto"`` sends up to 30 MB, and what has no path or URL.
    lang : str
        The language of the interface, ``"en"`` or ``"zh"``.

    Returns
    -------
    Explorer
        A widget: let it be a cell's last value.

    Raises
    ------
    InvalidArgument
        An argument is of the wrong kind.
    NotMedia
        The video is none, nor an image.
    OSError
        The video cannot be read.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> explorer = stag.explore(stag.samples.load("magazine"), stag.samples.video("magazine"))
    >>> explorer.selection = "沈青禾"
    >>> explorer.selection["occurrences"].start_time.tolist()
    [3.17, 55.83]
    """
    check_job(job)
    if alignment == "auto":
        both = len(job.best("speech")) and len(job.best("ocr"))
        alignment = aligned.align(job) if both else None
    elif alignment is not None:
        check_alignment(alignment)
    if lang not in ("en", "zh"):
        raise InvalidArgument("lang", "'en' or 'zh'", lang)
    media = find(video)
    return Explorer(job, media, alignment, embeds(media, embed, EMBED), lang)


def _second(value: Any, argument: str) -> float:
    if not isinstance(value, Real) or not math.isfinite(value):
        raise InvalidArgument(argument, "seconds, a finite number", value)
    return max(0.0, float(value))


def _has_times(frame: pd.DataFrame) -> bool:
    return "start_time" in frame or "timestamp" in frame

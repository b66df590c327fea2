"""A video's frames at exact times, and images in place of videos.

The frame at a time is the one that an HTML5 player shows there: the last one whose stamp is not
later. Times count in seconds from the start of the presentation, after edit lists. MP4 and
Matroska have a zero of their own; anything else (MPEG-TS) counts from its first stamp.

A frame is an array of uint8, shape (height, width, 3): RGB, turned as displayed, in the file's own
pixels (those that are not square are not stretched), and the caller's to change.
"""

from __future__ import annotations

import math
import threading
import weakref
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from numbers import Real
from typing import Self, cast

import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from ..errors import InvalidArgument, MediaError, NoSuchTime, NotMedia, TruncatedMedia
from .sources import Frame, Source, checked, is_still, name_of, opened, pixels_of
from .track import ROUNDING, Run, Track, Turn

__all__ = ["Frame", "Still", "Video", "open"]


_FASTEST = 1000
"""Frames a second; what is above is no rate."""

_ROOM = 256 * 2**20
"""Bytes of pictures that `Video.many` holds in RGB. Converting a frame right after it is decoded is
three times faster than later, and takes twice the memory: past this, frames wait as decoded."""


class Video:
    """A video whose frames are found by time.

    Parameters
    ----------
    source : path or binary file
        A video. A file has to be able to seek; it is read from its beginning and left open.

    Attributes
    ----------
    size : (int, int)
        Width and height of a frame in pixels, as displayed.
    duration : float
        The last time, in seconds.
    rate : float
        Frames a second, as the file tells it, and NaN where it does not. Of a variable rate, MP4
        tells the mean, and Matroska the rate it was made for.
    rotation : int
        By how many degrees stored frames are turned clockwise for display: 0, 90, 180 or 270.

    Raises
    ------
    NotMedia
        What was given is no video, holds only sound, or cannot be decoded.
    MediaError
        Its frames carry no times.
    OSError
        The path cannot be read.

    Notes
    -----
    A frame is found by a seek back to a key frame and decoding from there up to its stamp. Threads
    may share a video: they take turns. Where a file leaves its frames' stamps to be guessed, as
    MPEG program streams (.mpg) and H.264 in AVI do, a frame may be off by some; put such a file
    into an MP4 first (``ffmpeg -i FILE FILE.mp4``).

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> with stag.frames.Video(stag.samples.video("magazine")) as clip:
    ...     frame = clip.at(12.4)
    >>> frame.shape == (clip.size[1], clip.size[0], 3)
    True
    """

    def __init__(self, source: Source) -> None:
        self._name = name_of(source)
        file, is_own = opened(source, "a path or a binary file of a video")
        # Closes the file also where nobody closes the video.
        self._close_file = weakref.finalize(self, file.close if is_own else lambda: None)
        self._lock = threading.Lock()
        self._reformatter = VideoReformatter()
        try:
            self._track = Track(file, self._name)
        except BaseException:
            self._close_file()
            raise
        self._turn = Turn.of(self._track.first_frame)
        first = self._track.first_frame
        sides = (first.width, first.height)
        self.size = sides[::-1] if self._turn.is_transposed else sides
        self.duration = float(self._track.duration)
        rate = float(self._track.rate or math.nan)
        # Where frames have no even distance, some files tell the ticks of their clock instead.
        self.rate = rate if rate <= _FASTEST else math.nan
        self.rotation = self._turn.degrees

    def __repr__(self) -> str:
        width, height = self.size
        return (
            f"<Video {self._name!r}: {width} × {height}, {self.duration:.1f} s, "
            f"{self.rate:.4g} frames/s>"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the video, and its file where a path was given."""
        with self._lock:
            self._track.close()
            self._close_file()

    def at(self, t: float) -> Frame:
        """Give the frame shown at a time.

        Parameters
        ----------
        t : float
            Seconds, from 0 to `duration`, which gives the last frame.

        Returns
        -------
        ndarray of uint8, shape (height, width, 3)
            RGB.

        Raises
        ------
        NoSuchTime
            The time is NaN, or the video has no such time.
        InvalidArgument
            It is no number.
        TruncatedMedia
            The file ends before that time.

        Examples
        --------
        >>> import smarttag_nb as stag
        >>> stag.frames.Video(stag.samples.video("magazine")).at(0).dtype
        dtype('uint8')
        """
        (frame,) = self.many([t])
        return frame

    def many(self, times: Iterable[float]) -> Iterator[Frame]:
        """Give the frames shown at many times, decoding each group of pictures once.

        Parameters
        ----------
        times : iterable of float
            Seconds, from 0 to `duration`, in any order.

        Yields
        ------
        ndarray of uint8, shape (height, width, 3)
            RGB, one for each time, in the order asked. Where times go back and forth, frames
            decoded on the way are held for their turn, the first 256 MB of them as RGB.

        Raises
        ------
        NoSuchTime, InvalidArgument
            As for `at`, and before the first frame.
        TruncatedMedia
            The file ends before a time, when that time's turn comes.

        Examples
        --------
        >>> import smarttag_nb as stag
        >>> clip = stag.frames.Video(stag.samples.video("magazine"))
        >>> len(list(clip.many([30.0, 1.5, 30.0])))
        3
        """
        return self._given([self._tick_of(t) for t in times])

    def crop(self, t: float, box: npt.ArrayLike) -> Frame:
        """Cut a box out of the frame shown at a time.

        Parameters
        ----------
        t : float
            Seconds, as for `at`.
        box : array_like of float, shape (4,)
            x1, y1, x2, y2 in pixels of the frame. It is rounded outward and cut at the edges.

        Returns
        -------
        ndarray of uint8, shape (height, width, 3)
            RGB.

        Raises
        ------
        InvalidArgument
            The box is not four finite numbers, or has no area inside the frame.
        NoSuchTime, TruncatedMedia
            As for `at`.

        Examples
        --------
        >>> import smarttag_nb as stag
        >>> clip = stag.frames.Video(stag.samples.video("magazine"))
        >>> clip.crop(12.4, [10.2, 20, 49.5, 60]).shape
        (40, 40, 3)
        """
        inside = _inside(box, self.size)
        return self.at(t)[inside].copy()

    def _tick_of(self, t: float) -> int:
        if isinstance(t, bool) or not isinstance(t, Real):
            raise InvalidArgument("t", f"a time in seconds, from 0 to {self.duration:g}", t)
        # A label's end may be the duration, rounded up to milliseconds.
        if not 0 <= t <= self.duration + ROUNDING:
            raise NoSuchTime(self._name, t, self.duration)
        return self._track.tick_of(float(t))

    def _given(self, targets: list[int]) -> Iterator[Frame]:
        ascending = sorted(set(targets))
        with self._open_track() as track:
            keys = dict(zip(ascending, track.keys(ascending), strict=True))
        wanted: dict[int, deque[int]] = {}
        for target in ascending:
            wanted.setdefault(keys[target].pts, deque()).append(target)
        uses = Counter(targets)
        held: dict[int, Frame | VideoFrame | TruncatedMedia] = {}
        room = _ROOM // (3 * self.size[0] * self.size[1])
        run: Run | None = None

        def hold_next(run: Run) -> None:
            target = wanted[run.key.pts].popleft()
            frame = run.frame_at(target)
            is_converted = isinstance(frame, VideoFrame) and len(held) < room
            held[target] = self._rgb(cast(VideoFrame, frame)) if is_converted else frame

        for target in targets:
            with self._open_track() as track:
                key = keys[target]
                if target not in held:
                    if run is not None and run.is_current and run.key.pts != key.pts:
                        while wanted[run.key.pts]:
                            hold_next(run)
                    if run is None or not run.is_current or run.key.pts != key.pts:
                        run = Run(track, key, wanted[key.pts][0])
                while target not in held:
                    assert run is not None
                    hold_next(run)
                frame = held[target]
                uses[target] -= 1
                if not uses[target]:
                    del held[target]
                if isinstance(frame, TruncatedMedia):
                    raise frame
                if isinstance(frame, VideoFrame):
                    frame = self._rgb(frame)
                elif uses[target]:
                    frame = frame.copy()
            yield frame

    @contextmanager
    def _open_track(self) -> Iterator[Track]:
        """Take a turn at the decoder."""
        with self._lock:
            if not self._close_file.alive:
                raise MediaError(self._name, "it is closed. Open it again")
            yield self._track

    def _rgb(self, frame: VideoFrame) -> Frame:
        # One thread: the decoder has the others, and waking them takes longer than it saves.
        converted = self._reformatter.reformat(frame, format="rgb24", threads=1).to_ndarray()
        return self._turn.applied(cast(Frame, converted))


class Still:
    """An image that serves wherever a video does; times mean nothing to it.

    Parameters
    ----------
    source : path, binary file or ndarray of uint8, shape (height, width, 3)
        An image, or its pixels (RGB). A file has to be able to seek and is read from its
        beginning; it is left open. EXIF orientation is applied, and what is transparent lies on
        white.

    Attributes
    ----------
    size : (int, int)
        Width and height in pixels, as displayed.
    duration : None
        An image has none.

    Raises
    ------
    NotMedia
        What was given is no image, or cannot be decoded.
    MediaError
        It has more pixels than Pillow takes for safe (``PIL.Image.MAX_IMAGE_PIXELS``).
    OSError
        The path cannot be read.

    Examples
    --------
    >>> Still(np.zeros((90, 160, 3), np.uint8)).size
    (160, 90)
    """

    duration = None

    def __init__(self, source: Source | Frame) -> None:
        self._name = name_of(source)
        if isinstance(source, np.ndarray):
            self._pixels = checked(source)
        else:
            file, is_own = opened(source, "a path, a binary file or an array of an image")
            try:
                self._pixels = pixels_of(file, self._name)
            finally:
                if is_own:
                    file.close()
        height, width, _ = self._pixels.shape
        self.size = (width, height)

    def __repr__(self) -> str:
        return f"<Still {self._name!r}: {self.size[0]} × {self.size[1]}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Do nothing: a still holds no file. It closes where a video would."""

    def at(self, t: float | None = None) -> Frame:
        """Give the image, whatever the time.

        Parameters
        ----------
        t : float, optional
            Not looked at.

        Returns
        -------
        ndarray of uint8, shape (height, width, 3)
            RGB, and the caller's to change.

        Examples
        --------
        >>> Still(np.zeros((90, 160, 3), np.uint8)).at().shape
        (90, 160, 3)
        """
        return self._pixels.copy()

    def many(self, times: Iterable[float | None]) -> Iterator[Frame]:
        """Give the image once for each time.

        Parameters
        ----------
        times : iterable
            Only counted.

        Yields
        ------
        ndarray of uint8, shape (height, width, 3)
            RGB, and the caller's to change.

        Examples
        --------
        >>> len(list(Still(np.zeros((90, 160, 3), np.uint8)).many([0, 1])))
        2
        """
        return (self.at() for _ in times)

    def crop(self, t: float | None, box: npt.ArrayLike) -> Frame:
        """Cut a box out of the image.

        Parameters
        ----------
        t : float or None
            Not looked at.
        box : array_like of float, shape (4,)
            x1, y1, x2, y2 in pixels. It is rounded outward and cut at the edges.

        Returns
        -------
        ndarray of uint8, shape (height, width, 3)
            RGB.

        Raises
        ------
        InvalidArgument
            The box is not four finite numbers, or has no area inside the image.

        Examples
        --------
        >>> Still(np.zeros((90, 160, 3), np.uint8)).crop(None, [10.2, 20, 49.5, 60]).shape
        (40, 40, 3)
        """
        return self._pixels[_inside(box, self.size)].copy()


def open(source: Source | Frame | Video | Still) -> Video | Still:
    """Open a video or an image, whichever the content is.

    Parameters
    ----------
    source : path, binary file, ndarray, Video or Still
        What `Video` or `Still` takes. Either of these is passed through. An animated GIF or PNG
        is a video.

    Returns
    -------
    Video or Still
        Both have `size`, `duration`, `at`, `many`, `crop` and `close`.

    Raises
    ------
    NotMedia
        What was given is neither.
    MediaError, OSError
        As for `Video` and `Still`.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> stag.frames.open(stag.samples.video("magazine")).duration > 60
    True
    >>> stag.frames.open(np.zeros((90, 160, 3), np.uint8))
    <Still 'ndarray': 160 × 90>
    """
    if isinstance(source, (Video, Still)):
        return source
    if isinstance(source, np.ndarray):
        return Still(source)
    file, is_own = opened(source, "a path, a binary file or an array of a video or an image")
    try:
        still = is_still(file, name_of(source))
    finally:
        if is_own:
            file.close()
    try:
        return Still(source) if still else Video(source)
    except NotMedia as error:
        raise NotMedia(error.source, "a video or an image", error.looked_like) from None


def _inside(box: npt.ArrayLike, size: tuple[int, int]) -> tuple[slice, slice]:
    """Round a box outward and cut it at the edges: rows and columns."""
    try:
        corners = np.asarray(box, dtype=np.float64)
    except (TypeError, ValueError):
        corners = np.empty(0)
    if corners.shape != (4,) or not np.isfinite(corners).all():
        raise InvalidArgument("box", "four finite numbers x1, y1, x2, y2 in pixels", box)
    x1, y1, x2, y2 = corners.tolist()
    width, height = size
    left, right = max(0, math.floor(x1)), min(width, math.ceil(x2))
    top, bottom = max(0, math.floor(y1)), min(height, math.ceil(y2))
    if x1 >= x2 or y1 >= y2 or left >= right or top >= bottom:
        raise InvalidArgument("box", f"an area inside the frame of {width} × {height} pixels", box)
    return slice(top, bottom), slice(left, right)

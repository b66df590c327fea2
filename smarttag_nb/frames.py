"""A video's frames at exact times, and images in place of videos.

The frame at a time is the one that an HTML5 player shows there: the last one whose stamp is not
later. Times count in seconds from the start of the presentation, after edit lists. MP4 and
Matroska have a zero of their own; anything else (MPEG-TS) counts from its first stamp.

A frame is an array of uint8, shape (height, width, 3): RGB, turned as displayed, in the file's own
pixels (those that are not square are not stretched), and the caller's to change.
"""

from __future__ import annotations

import io
import math
import os
import threading
import weakref
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from numbers import Real
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Self, cast

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from PIL import Image, ImageOps, UnidentifiedImageError

from .errors import InvalidArgument, MediaError, NoSuchTime, NotMedia, TruncatedMedia

Frame = npt.NDArray[np.uint8]
Source = str | os.PathLike[str] | BinaryIO


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
        Frames a second, on average; NaN where the file does not tell.
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
    may share a video: they take turns.

    Examples
    --------
    >>> import smarttag_nb as stag
    >>> with stag.frames.Video(stag.samples.video("magazine")) as clip:
    ...     frame = clip.at(12.4)
    >>> frame.shape == (clip.size[1], clip.size[0], 3)
    True
    """

    def __init__(self, source: Source) -> None:
        self._name = _name(source)
        file, is_own = _opened(source, "a path or a binary file of a video")
        # Closes the file also where nobody closes the video.
        self._close_file = weakref.finalize(self, file.close if is_own else lambda: None)
        self._lock = threading.Lock()
        self._reformatter = VideoReformatter()
        try:
            self._track = _Track(file, self._name)
        except BaseException:
            self._close_file()
            raise
        self._turn = _Turn.of(self._track.first_frame)
        first = self._track.first_frame
        sides = (first.width, first.height)
        self.size = sides[::-1] if self._turn.is_transposed else sides
        self.duration = float(self._track.duration)
        self.rate = float(self._track.rate or math.nan)
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
            decoded on the way are held, in the form they were stored in, for their turn.

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
        if not 0 <= t <= self.duration + _ROUNDING:
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
        held: dict[int, VideoFrame | TruncatedMedia] = {}
        run: _Run | None = None

        def hold_next(run: _Run) -> None:
            target = wanted[run.key.pts].popleft()
            held[target] = run.frame_at(target)

        for target in targets:
            with self._open_track() as track:
                key = keys[target]
                if target not in held:
                    if run is not None and run.is_current and run.key.pts != key.pts:
                        while wanted[run.key.pts]:
                            hold_next(run)
                    if run is None or not run.is_current or run.key.pts != key.pts:
                        run = _Run(track, key, wanted[key.pts][0])
                while target not in held:
                    assert run is not None
                    hold_next(run)
                frame = held[target]
                uses[target] -= 1
                if not uses[target]:
                    del held[target]
                if isinstance(frame, TruncatedMedia):
                    raise frame
                picture = self._rgb(frame)
            yield picture

    @contextmanager
    def _open_track(self) -> Iterator[_Track]:
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
        self._name = _name(source)
        if isinstance(source, np.ndarray):
            self._pixels = _checked(source)
        else:
            file, is_own = _opened(source, "a path, a binary file or an array of an image")
            try:
                self._pixels = _pixels(file, self._name)
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
    file, is_own = _opened(source, "a path, a binary file or an array of a video or an image")
    try:
        is_still = _is_still(file, _name(source))
    finally:
        if is_own:
            file.close()
    try:
        return Still(source) if is_still else Video(source)
    except NotMedia as error:
        raise NotMedia(error.source, "a video or an image", error.looked_like) from None


# --- Decoding --------------------------------------------------------------------------------


_CONTAINERS = (
    "3gp,aac,apng,asf,avi,dv,flac,flv,gif,h264,hevc,ivf,matroska,mov,mp3,mpeg,mpegts,mxf,nut,ogg,"
    "rm,wav,wtv"
)
"""What FFmpeg may take a file for. No playlist is among them: those open further files."""

_ROUNDING = Fraction(1, 2000)
"""By how many seconds stamps may be rounded: WebM's are to milliseconds."""

_NOISE = Fraction(1, 1_000_000)
"""By how many seconds arithmetic with floats may miss a stamp."""

_FOREVER = Fraction(10**8)
"""More seconds than any video has."""

_MISSING = Fraction(1, 4)
"""By how many seconds frames may end before the declared end in a file that is whole."""


class _Key(NamedTuple):
    """A key frame to decode from."""

    pts: int
    seek: int
    """The tick from which a seek leads to it."""


class _Track:
    """The one video stream of a file: its times, its key frames and what decodes from them.

    Times are ticks of the stream, as stamps are; `seconds` and `tick_of` convert.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._is_cut_off = _is_cut_off(file)
        self._is_broken = False
        self.seeks = 0
        self._open()
        try:
            self._tick = Fraction(self._stream.time_base or 1)
            self.rate = self._stream.guessed_rate
            self.first_key, self.first_frame = self._beginning()
            self._zero, self.duration = self._presentation()
        except BaseException:
            self._container.close()
            raise
        self._tolerance = self._stamp_tolerance()

    def _open(self) -> None:
        self._container = _demuxer(self._file, self._name)
        try:
            self._stream = _video_stream(self._container, self._name)
        except BaseException:
            self._container.close()
            raise
        self._stream.thread_type = "AUTO"

    def close(self) -> None:
        self._container.close()

    def seconds(self, tick: int) -> float:
        return float(tick * self._tick - self._zero)

    def tick_of(self, t: float) -> int:
        """Tell the last tick whose stamp counts as reached at a time."""
        return math.floor((Fraction(t) + self._zero + self._tolerance) / self._tick)

    def _stamp_tolerance(self) -> Fraction:
        """Tell by how many seconds a stamp may lie behind the time it stands for.

        Where a frame takes a whole number of ticks, stamps are exact. Elsewhere they are rounded
        to the nearest tick: k / rate falls up to half a tick before the stamp of frame k.
        """
        if self.rate and (1 / (self.rate * self._tick)).denominator == 1:
            return _NOISE
        return min(self._tick / 2, _ROUNDING) + _NOISE

    def _beginning(self) -> tuple[_Key, VideoFrame]:
        for packet in self._packets():
            if not packet.is_keyframe:
                continue
            if packet.pts is None:
                raise MediaError(
                    self._name,
                    "its frames carry no times. Put it into a container: "
                    "ffmpeg -i FILE -c copy FILE.mp4",
                )
            earliest = packet.pts if packet.dts is None else min(packet.pts, packet.dts)
            key = _Key(packet.pts, earliest - math.ceil(1 / self._tick))
            for _, frame in self.decoded(key):
                return key, frame
            break
        raise NotMedia(self._name, "a video", "one of which no frame can be decoded")

    def _presentation(self) -> tuple[Fraction, Fraction]:
        """Tell where time 0 lies, on the stream's clock, and how many seconds follow."""
        kind = self._container.format.name
        start = Fraction(self._container.start_time or 0, av.time_base)
        end = Fraction(self._container.duration or 0, av.time_base)
        # Matroska declares when it ends, others how long they last from their first stamp.
        end += 0 if kind.startswith("matroska") else start
        # Live recordings declare nothing, and some writers less than they write.
        end = max(end, self._last_end(end if self._container.duration else _FOREVER))
        if kind.startswith(("mov", "matroska")):
            start = Fraction(0)
        elif kind == "avi":
            # AVI has no stamps: those of its frames count from the first packet, which is decoded
            # before the first frame is shown.
            start = (self.first_frame.pts or 0) * self._tick
        return start, end - start

    def _last_end(self, declared: Fraction) -> Fraction:
        """Read the last group's packets for where its last frame ends."""
        self.seek(self.key_before(math.ceil(declared / self._tick)).seek)
        ends = [
            packet.pts + (packet.duration or 0)
            for packet in self._packets()
            if packet.pts is not None and not packet.is_discard
        ]
        return max(ends, default=self.first_key.pts) * self._tick

    def seek(self, tick: int) -> None:
        self.seeks += 1
        self._is_broken = False
        try:
            self._container.seek(tick, stream=self._stream, backward=True)
        except av.FFmpegError:
            # Some formats refuse to seek before the first entry of their index, or at all.
            self._container.close()
            self._file.seek(0)
            self._open()

    def _packets(self) -> Iterator[Packet[VideoStream]]:
        """Read the stream's packets on from where the file stands."""
        try:
            for packet in self._container.demux(self._stream):
                if packet.size:
                    yield packet
        except av.FFmpegError:
            self._is_broken = True

    def decoded(self, key: _Key) -> Iterator[tuple[int, VideoFrame]]:
        """Decode from a key frame on: stamps and frames, in the order shown."""
        self.seek(key.seek)
        is_begun = False
        for packet in self._packets():
            is_begun = is_begun or (packet.is_keyframe and (packet.pts or 0) >= key.pts)
            if is_begun:
                yield from self._from(packet, key)
        if is_begun:
            yield from self._from(None, key)

    def _from(
        self, packet: Packet[VideoStream] | None, key: _Key
    ) -> Iterator[tuple[int, VideoFrame]]:
        if packet is not None:
            # A packet cut short would decode into half a picture.
            self._is_broken = packet.is_corrupt
            if self._is_broken:
                return
        try:
            frames = self._stream.decode(packet)
        except av.FFmpegError:
            self._is_broken = True
            return
        for frame in frames:
            # Frames that an open group shows before its key frame lean on the group before.
            if frame.pts is not None and frame.pts >= key.pts:
                yield frame.pts, frame

    def keys(self, targets: list[int]) -> list[_Key]:
        """Find the key frames that ascending targets are decoded from."""
        return self._keys_between(targets, None, None)

    def _keys_between(
        self, targets: list[int], before: _Key | None, after: _Key | None
    ) -> list[_Key]:
        if not targets:
            return []
        # Halving asks the file about twice for each group, however many targets a group has.
        if before is not None and after is not None and before.pts == after.pts:
            return [before] * len(targets)
        middle = len(targets) // 2
        key = self.key_before(targets[middle])
        return [
            *self._keys_between(targets[:middle], before, key),
            key,
            *self._keys_between(targets[middle + 1 :], key, after),
        ]

    def key_before(self, target: int) -> _Key:
        """Find the last key frame whose stamp is not later than a target."""
        step, back = math.ceil(1 / self._tick), 0
        while target - back > self.first_key.pts:
            found = self._last_key(target, target - back, is_direct=not back)
            if found is not None:
                return found
            back = 2 * back or step
        return self.first_key

    def _last_key(self, target: int, seek: int, *, is_direct: bool) -> _Key | None:
        """Seek, and read on for the last key frame up to a target.

        A direct seek leads to it by the file's index, or past it where the file has none (MPEG-TS)
        or knows its key frames by when they are decoded.
        """
        self.seek(seek)
        found = None
        for packet in self._packets():
            if packet.is_keyframe and packet.pts is not None:
                if packet.pts > target:
                    break
                found = _Key(packet.pts, seek)
                if is_direct:
                    break
            elif packet.dts is not None and packet.dts > target:
                break
        return found

    def ends_early(self, end: int) -> bool:
        """Tell whether the file, read to its end, lacks frames after those that end there."""
        if self._is_broken or self._is_cut_off:
            return True
        if self._stream.duration is None:
            return False
        declared = (self._stream.start_time or 0) + self._stream.duration
        return (declared - end) * self._tick > _MISSING

    def truncated(self, target: int, end: int) -> TruncatedMedia:
        return TruncatedMedia(self._name, self.seconds(target), self.seconds(end))


class _Run:
    """Decoding under way: it gives the frames shown at ascending targets."""

    def __init__(self, track: _Track, key: _Key, target: int) -> None:
        self.key = key
        self._track = track
        self._begin(key)
        while key != track.first_key and (self._shown is None or self._shown[0] > target):
            # Nothing so early comes of that key frame: it is damaged, or pictures are refreshed
            # bit by bit after it. What came before it still stands.
            key = track.key_before(key.pts - 1)
            self._begin(key)
        self._ahead = next(self._frames, None)

    def _begin(self, key: _Key) -> None:
        self._frames = self._track.decoded(key)
        self._shown = next(self._frames, None)
        self._seeks = self._track.seeks

    @property
    def is_current(self) -> bool:
        """Whether nobody has moved the decoder since."""
        return self._track.seeks == self._seeks

    def frame_at(self, target: int) -> VideoFrame | TruncatedMedia:
        """Decode up to a target: the frame shown there, or the error to raise for it."""
        while self._ahead is not None and self._ahead[0] <= target:
            self._shown, self._ahead = self._ahead, next(self._frames, None)
        assert self._shown is not None
        pts, frame = self._shown
        end = pts + (frame.duration or 0)
        if self._ahead is None and target >= end and self._track.ends_early(end):
            return self._track.truncated(target, end)
        return frame


class _Turn(NamedTuple):
    """How stored frames are turned for display: transposed first, then mirrored."""

    is_transposed: bool
    flips_x: bool
    flips_y: bool

    @classmethod
    def of(cls, frame: VideoFrame) -> _Turn:
        """Read a frame's display matrix: where its first two rows lead right and down."""
        matrix = frame.side_data.get("DISPLAYMATRIX")
        if matrix is None:
            return cls(False, False, False)
        (xx, xy, _), (yx, yy, _), _ = (
            np.frombuffer(cast(bytes, matrix), np.int32).reshape(3, 3).tolist()
        )
        if abs(xy) > abs(xx):
            return cls(True, flips_x=yx < 0, flips_y=xy < 0)
        return cls(False, flips_x=xx < 0, flips_y=yy < 0)

    @property
    def degrees(self) -> int:
        """Clockwise, by where down leads: what is mirrored besides is not told."""
        if self.is_transposed:
            return 90 if self.flips_x else 270
        return 180 if self.flips_y else 0

    def applied(self, picture: Frame) -> Frame:
        if self.is_transposed:
            picture = picture.transpose(1, 0, 2)
        if self.flips_x:
            picture = picture[:, ::-1]
        if self.flips_y:
            picture = picture[::-1]
        return np.ascontiguousarray(picture)


def _demuxer(file: BinaryIO, name: str) -> InputContainer:
    head = file.read(_HEAD)
    file.seek(0)
    try:
        container = av.open(
            file,
            "r",
            container_options={"format_whitelist": _CONTAINERS},
            # Old files name things in other encodings, and nobody asks for those names here.
            metadata_errors="replace",
        )
        if container.streams.video or container.streams.audio:
            return container
        container.close()
    except av.FFmpegError:
        pass
    looks = _looks_like(file, head)
    if looks in _FILES.values():
        looks += " without a track to read: truncated, or still being written"
    raise NotMedia(name, "a video", looks)


def _video_stream(container: InputContainer, name: str) -> VideoStream:
    covers = [s for s in container.streams.video if s.disposition & Disposition.attached_pic]
    films = [s for s in container.streams.video if s not in covers]
    best = container.streams.best("video")
    if not films:
        raise NotMedia(name, "a video", "only sound" + (" and a cover picture" if covers else ""))
    stream = best if best in films else films[0]
    if stream.codec_context is None:
        raise NotMedia(name, "a video", "one in a coding that this FFmpeg does not decode")
    limit = Image.MAX_IMAGE_PIXELS
    if limit and stream.width * stream.height > limit:
        raise MediaError(name, _too_large())
    return stream


_HEAD = 64
"""Bytes that tell what a file is."""


def _is_cut_off(file: BinaryIO) -> bool:
    """Tell whether a Matroska file is shorter than it declares; others show it when they are read.

    Its header (RFC 8794, section 11) is an element and its size, then the segment and its size:
    a number whose first byte tells by its leading zeros how many more belong to it.
    """
    head = file.read(_HEAD)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if not head.startswith(_EBML):
        return False
    header, begin = _variable_size(head, 4)
    begin += header
    if head[begin : begin + 4] != b"\x18S\x80g":
        return False
    segment, begin = _variable_size(head, begin + 4)
    return begin + segment > size


def _variable_size(head: bytes, at: int) -> tuple[int, int]:
    """Read a Matroska size: the number, 0 where it is left open, and what position follows."""
    if at >= len(head) or not head[at]:
        return 0, at
    length = 9 - head[at].bit_length()
    whole = int.from_bytes(head[at : at + length], "big")
    value = whole & ((1 << 7 * length) - 1)
    return (0 if value == (1 << 7 * length) - 1 else value), at + length


# --- Sources ---------------------------------------------------------------------------------


_IMAGES = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")
"""What Pillow may take a file for: nothing that runs a program or reads other files."""

_EBML = b"\x1aE\xdf\xa3"
_FILES = {b"ftyp": "an MP4 or MOV file", _EBML: "a Matroska or WebM file"}

_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def _name(source: object) -> str:
    if isinstance(source, (str, os.PathLike)):
        return Path(source).name
    name = getattr(source, "name", None)
    return Path(name).name if isinstance(name, str) else type(source).__name__


def _opened(source: object, expected: str) -> tuple[BinaryIO, bool]:
    """Open a path, or rewind a file: the file, and whether it is ours to close."""
    if isinstance(source, (str, os.PathLike)):
        return Path(source).expanduser().open("rb"), True
    if not (hasattr(source, "read") and hasattr(source, "seek")):
        looks = f"an object of type {type(source).__name__}"
        if isinstance(source, (bytes, bytearray, memoryview)):
            looks += " (wrap it in io.BytesIO)"
        raise NotMedia(_name(source), expected, looks)
    file = cast(BinaryIO, source)
    if not file.seekable():
        looks = "a file that cannot seek (read it into an io.BytesIO)"
        raise NotMedia(_name(source), expected, looks)
    if not isinstance(file.read(0), bytes):
        raise NotMedia(_name(source), expected, "a text file (open it with mode 'rb')")
    file.seek(0)
    return file, False


def _looks_like(file: BinaryIO, head: bytes) -> str:
    if not head:
        return "an empty file"
    for mark, kind in _FILES.items():
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


def _is_still(file: BinaryIO, name: str) -> bool:
    try:
        with Image.open(file, formats=_IMAGES) as image:
            return image.format not in ("GIF", "PNG") or not getattr(image, "is_animated", False)
    except UnidentifiedImageError:
        return False
    except _BOMBS:
        raise MediaError(name, _too_large()) from None


def _pixels(file: BinaryIO, name: str) -> Frame:
    head = file.read(_HEAD)
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
        raise NotMedia(name, "an image", _looks_like(file, head)) from None
    except _BOMBS:
        raise MediaError(name, _too_large()) from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        if getattr(error, "errno", None) is not None:
            raise
        raise NotMedia(name, "an image", f"a damaged one ({error})") from None


def _too_large() -> str:
    return (
        f"it has more than {Image.MAX_IMAGE_PIXELS} pixels, which may be an attack on memory. "
        "Raise PIL.Image.MAX_IMAGE_PIXELS if you trust it"
    )


def _checked(pixels: npt.NDArray[Any]) -> Frame:
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or not pixels.size:
        got = f"{pixels.dtype}, shape {pixels.shape}"
        raise InvalidArgument("source", "an array of uint8, shape (height, width, 3)", got)
    return np.array(pixels, order="C")


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

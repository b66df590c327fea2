"""The one video stream of a file: its times, its key frames, and what decodes from them."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import BinaryIO, NamedTuple, cast

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from ..errors import MediaError, NotMedia, TruncatedMedia
from .sources import EBML, FILES, HEAD, Frame, looks_like, too_large

_CONTAINERS = (
    "3gp,aac,apng,asf,avi,dv,flac,flv,gif,h264,hevc,ivf,matroska,mov,mp3,mpeg,mpegts,mxf,nut,ogg,"
    "rm,wav,wtv"
)
"""What FFmpeg may take a file for. No playlist is among them: those open further files."""

ROUNDING = Fraction(1, 2000)
"""By how many seconds stamps may be rounded: WebM's are to milliseconds."""

_NOISE = Fraction(1, 1_000_000)
"""By how many seconds arithmetic with floats may miss a stamp."""

_FOREVER = Fraction(10**8)
"""More seconds than any video has."""

_MISSING = Fraction(1, 4)
"""By how many seconds frames may end before the declared end in a file that is whole."""


class Key(NamedTuple):
    """A key frame to decode from."""

    pts: int
    seek: int
    """The tick from which a seek leads to it."""


class Track:
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
        """Let go of the decoder."""
        self._container.close()

    def seconds(self, tick: int) -> float:
        """Tell the time of a tick."""
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
        return min(self._tick / 2, ROUNDING) + _NOISE

    def _beginning(self) -> tuple[Key, VideoFrame]:
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
            key = Key(packet.pts, earliest - math.ceil(1 / self._tick))
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
        """Go to the last key frame whose packet is not later than a tick."""
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

    def decoded(self, key: Key) -> Iterator[tuple[int, VideoFrame]]:
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
        self, packet: Packet[VideoStream] | None, key: Key
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

    def keys(self, targets: list[int]) -> list[Key]:
        """Find the key frames that ascending targets are decoded from."""
        return self._keys_between(targets, None, None)

    def _keys_between(self, targets: list[int], before: Key | None, after: Key | None) -> list[Key]:
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

    def key_before(self, target: int) -> Key:
        """Find the last key frame whose stamp is not later than a target."""
        step, back = math.ceil(1 / self._tick), 0
        while target - back > self.first_key.pts:
            found = self._last_key(target, target - back, is_direct=not back)
            if found is not None:
                return found
            back = 2 * back or step
        return self.first_key

    def _last_key(self, target: int, seek: int, *, is_direct: bool) -> Key | None:
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
                found = Key(packet.pts, seek)
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
        """Make the error that tells where the file ends."""
        return TruncatedMedia(self._name, self.seconds(target), self.seconds(end))


class Run:
    """Decoding under way: it gives the frames shown at ascending targets."""

    def __init__(self, track: Track, key: Key, target: int) -> None:
        self.key = key
        self._track = track
        self._begin(key)
        while key != track.first_key and (self._shown is None or self._shown[0] > target):
            # Nothing so early comes of that key frame: it is damaged, or pictures are refreshed
            # bit by bit after it. What came before it still stands.
            key = track.key_before(key.pts - 1)
            self._begin(key)
        self._ahead = next(self._frames, None)

    def _begin(self, key: Key) -> None:
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


class Turn(NamedTuple):
    """How stored frames are turned for display: transposed first, then mirrored."""

    is_transposed: bool
    flips_x: bool
    flips_y: bool

    @classmethod
    def of(cls, frame: VideoFrame) -> Turn:
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
        """Turn a picture."""
        if self.is_transposed:
            picture = picture.transpose(1, 0, 2)
        if self.flips_x:
            picture = picture[:, ::-1]
        if self.flips_y:
            picture = picture[::-1]
        return np.ascontiguousarray(picture)


def _demuxer(file: BinaryIO, name: str) -> InputContainer:
    head = file.read(HEAD)
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
    looks = looks_like(file, head)
    if looks in FILES.values():
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
        raise MediaError(name, too_large())
    return stream


def _is_cut_off(file: BinaryIO) -> bool:
    """Tell whether a Matroska file is shorter than it declares; others show it when they are read.

    Its header (RFC 8794, section 11) is an element and its size, then the segment and its size:
    a number whose first byte tells by its leading zeros how many more belong to it.
    """
    head = file.read(HEAD)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if not head.startswith(EBML):
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

from __future__ import annotations

import io
import pickle
import random
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

import smarttag_nb as stag
from smarttag_nb import errors, frames
from smarttag_nb.frames import Still, Video
from smarttag_nb.frames.track import Key, Track

Picture = npt.NDArray[np.uint8]
WIDTH, HEIGHT = 96, 64
MEAN_25 = Fraction(25)
NTSC = Fraction(30000, 1001)


# --- Clips with their frames' numbers burnt in -----------------------------------------------


def numbered(number: int, width: int = WIDTH, height: int = HEIGHT) -> Picture:
    """A picture of two rows of four blocks, white where the number has a bit."""
    bits = [(number >> bit) & 1 for bit in range(8)]
    blocks = np.array(bits, np.uint8).reshape(2, 4) * 255
    grey = np.kron(blocks, np.ones((height // 2, width // 4), np.uint8))
    return np.ascontiguousarray(np.repeat(grey[:, :, None], 3, axis=2))


def number_of(picture: Picture) -> int:
    height, width, _ = picture.shape
    bits = [
        picture[height // 4 + row * height // 2, width // 8 + column * width // 4].mean() > 128
        for row in range(2)
        for column in range(4)
    ]
    return sum(int(bit) << place for place, bit in enumerate(bits))


@dataclass
class Clip:
    """A file, and when each of its frames begins; frame k is `first` + k."""

    path: Path
    starts: list[float]
    rounding: float = 1e-9
    first: int = 0
    turned: int = 0

    def shown(self, t: float) -> int:
        reached = [k for k, start in enumerate(self.starts) if start <= t + self.rounding]
        return self.first + (reached[-1] if reached else 0)

    def number(self, picture: Picture) -> int:
        return number_of(np.rot90(picture, self.turned))


def write(
    path: Path | io.BytesIO,
    stamps: list[int],
    tick: Fraction,
    codec: str = "libx264",
    *,
    rate: Fraction = MEAN_25,
    group: int = 20,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    pixels: str = "yuv420p",
    options: dict[str, str] | None = None,
    container: dict[str, str] | None = None,
    rotation: int = 0,
    format: str | None = None,
) -> None:
    with av.open(path, "w", format=format, container_options=container or {}) as file:
        stream = file.add_stream(codec, rate=rate, options=options or {})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = pixels
        stream.gop_size = group
        stream.codec_context.time_base = tick
        if rotation:
            stream.set_display_rotation(rotation)
        for number, stamp in enumerate(stamps):
            frame = av.VideoFrame.from_ndarray(numbered(number, *size), format="rgb24")
            frame = frame.reformat(format=pixels)
            frame.pts, frame.time_base = stamp, tick
            file.mux(stream.encode(frame))
        file.mux(stream.encode())


def make(name: str, folder: Path) -> Clip:
    """Write one of the clips."""
    rng = random.Random(name)
    tick, count = 1 / MEAN_25, 70
    regular = [k / 25 for k in range(count)]
    fast = {"preset": "ultrafast", "bf": "3"}
    path = folder / f"{name}.mp4"
    if name == "constant rate, B-frames, long group":
        write(path, list(range(count)), tick, options={"bf": "3", "b-pyramid": "normal"}, group=60)
    elif name == "open groups":
        options = {"x264-params": "open-gop=1:bframes=3:b-adapt=0:scenecut=0:keyint=10"}
        write(path, list(range(count)), tick, options=options, group=10)
    elif name == "refreshed bit by bit":
        options = {"x264-params": "intra-refresh=1:keyint=20", "bf": "0"}
        write(path, list(range(count)), tick, options=options)
    elif name == "variable rate":
        stamps = [0]
        for k in range(count - 1):
            stamps.append(stamps[-1] + (10_000 if k == 30 else rng.randrange(7, 150)))
        write(path, stamps, Fraction(1, 1000), options=fast)
        # libx264 counts in milliseconds here, and MP4 in sixteenths of them.
        return Clip(path, [stamp / 1000 for stamp in stamps], 1 / 32_000)
    elif name in ("VP9 in WebM", "VP9 in variable rate"):
        path = path.with_suffix(".webm")
        options = {"deadline": "realtime", "cpu-used": "8"}
        if name == "VP9 in WebM":
            write(path, list(range(count)), 1 / NTSC, "libvpx-vp9", rate=NTSC, options=options)
            return Clip(path, [float(k / NTSC) for k in range(count)])
        stamps = sorted(rng.sample(range(1, 4000), count - 1))
        write(path, [0, *stamps], Fraction(1, 1000), "libvpx-vp9", options=options)
        return Clip(path, [0, *(stamp / 1000 for stamp in stamps)])
    elif name == "MPEG-TS from 1.4 s":
        path = path.with_suffix(".ts")
        write(path, list(range(35, 35 + count)), tick, options=fast)
    elif name == "Matroska without an index":
        path = path.with_suffix(".mkv")
        with path.open("wb") as file:
            stream = type("Pipe", (), {"write": file.write})()
            write(stream, list(range(count)), tick, options=fast, format="matroska")
    elif name == "turned":
        write(path, list(range(count)), tick, options=fast, rotation=90)
        return Clip(path, regular, turned=3)
    elif name == "cut by its edit list":
        write(path, list(range(-13, count - 13)), tick, options=fast)
        return Clip(path, [k / 25 for k in range(count - 13)], first=13)
    elif name == "delayed by its edit list":
        write(path, list(range(12, 12 + count)), tick, options=fast)
        return Clip(path, [0.48 + start for start in regular])
    elif name == "in fragments":
        write(path, list(range(count)), tick, options={"preset": "ultrafast", "bf": "0"},
              container={"movflags": "frag_keyframe+empty_moov"})  # fmt: skip
    elif name == "Motion JPEG":
        path = path.with_suffix(".avi")
        write(path, list(range(count)), tick, "mjpeg", pixels="yuvj420p")
    elif name == "ten bits in an odd size":
        path = path.with_suffix(".mkv")
        write(path, list(range(20)), tick, "ffv1", pixels="yuv444p10le", size=(WIDTH + 4, HEIGHT))
        return Clip(path, regular[:20])
    else:
        assert name == "one frame"
        write(path, [0], tick)
        return Clip(path, [0])
    return Clip(path, regular)


NAMES = [
    "constant rate, B-frames, long group",
    "open groups",
    "refreshed bit by bit",
    "variable rate",
    "VP9 in WebM",
    "VP9 in variable rate",
    "MPEG-TS from 1.4 s",
    "Matroska without an index",
    "turned",
    "cut by its edit list",
    "delayed by its edit list",
    "in fragments",
    "Motion JPEG",
    "ten bits in an odd size",
    "one frame",
]


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Clip]:
    folder = tmp_path_factory.mktemp("片段 clips")
    return {name: make(name, folder) for name in NAMES}


@pytest.fixture(params=NAMES)
def clip(request: pytest.FixtureRequest, clips: dict[str, Clip]) -> Clip:
    return clips[request.param]


@pytest.fixture
def plain(clips: dict[str, Clip]) -> Clip:
    return clips["constant rate, B-frames, long group"]


@pytest.fixture
def video(plain: Clip) -> Iterator[Video]:
    with Video(plain.path) as opened:
        yield opened


def asked(clip: Clip, duration: float) -> list[float]:
    """Every frame's start, and a time within each, in random order."""
    rng = random.Random(7)
    ends = [*clip.starts[1:], duration]
    inside = [rng.uniform(start, end) for start, end in zip(clip.starts, ends, strict=True)]
    times = [0.0, *(t for t in (*clip.starts, *inside) if t <= duration), duration]
    rng.shuffle(times)
    return times


# --- Exact frames ----------------------------------------------------------------------------


def test_at_gives_the_frame_shown(clip: Clip) -> None:
    with Video(clip.path) as video:
        times = asked(clip, video.duration)
        assert [clip.number(video.at(t)) for t in times] == [clip.shown(t) for t in times]


def test_many_gives_the_same_in_the_order_asked(clip: Clip) -> None:
    with Video(clip.path) as video:
        times = asked(clip, video.duration)
        given = [clip.number(picture) for picture in video.many(times)]
        assert given == [clip.shown(t) for t in times]


def test_a_frame_lasts_until_the_next_begins(plain: Clip, video: Video) -> None:
    for k in range(1, 70):
        assert number_of(video.at(k / 25 - 2e-6)) == k - 1
        assert number_of(video.at(k / 25)) == k


def test_rounded_stamps_of_webm_show_frame_k_at_k_by_rate(clips: dict[str, Clip]) -> None:
    with Video(clips["VP9 in WebM"].path) as video:
        times = [k * 1001 / 30000 for k in range(70)]
        assert [number_of(picture) for picture in video.many(times)] == list(range(70))


def test_coarse_ticks_are_no_reason_to_show_the_next_frame_early(tmp_path: Path) -> None:
    # AVI's tick is a whole frame.
    write(tmp_path / "clip.avi", list(range(10)), 1 / MEAN_25, "mjpeg", pixels="yuvj420p")
    with Video(tmp_path / "clip.avi") as video:
        assert number_of(video.at(0.039)) == 0


def test_each_group_of_pictures_is_decoded_once(
    video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    decoded = Track.decoded

    def counted(track: Track, key: Key) -> Iterator[tuple[int, av.VideoFrame]]:
        begun.append(key.pts)
        return decoded(track, key)

    monkeypatch.setattr(Track, "decoded", counted)
    times = [k / 25 for k in range(70)] * 2
    random.Random(7).shuffle(times)
    assert len(list(video.many(times))) == 140
    assert len(begun) == len(set(begun)) == 2


def test_many_and_at_may_take_turns(plain: Clip, video: Video) -> None:
    times = asked(plain, video.duration)
    other = video.many(reversed(times))
    for t, picture in zip(times, video.many(times), strict=True):
        assert number_of(picture) == plain.shown(t)
        assert number_of(video.at(2.4)) == 60
        next(other)


def test_threads_may_share_a_video(plain: Clip, video: Video) -> None:
    wrong: list[float] = []

    def look(seed: int) -> None:
        times = asked(plain, video.duration)
        random.Random(seed).shuffle(times)
        pictures = video.many(times[:60])
        wrong.extend(
            t
            for t, picture in zip(times, pictures, strict=False)
            if number_of(picture) != plain.shown(t) or number_of(video.at(t)) != plain.shown(t)
        )

    threads = [threading.Thread(target=look, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_times_are_any_real_numbers_from_any_iterable(video: Video) -> None:
    times = (np.float32(1), np.float64(1), np.int64(1), 1, Fraction(1))
    assert [number_of(picture) for picture in video.many(t for t in times)] == [25] * 5
    assert list(video.many([])) == []


def test_a_picture_is_rgb_and_the_callers_own(video: Video) -> None:
    first, second = video.many([1.0, 1.0])
    assert first.shape == (HEIGHT, WIDTH, 3)
    assert first.dtype == np.uint8
    assert first.flags.c_contiguous
    first[:] = 0
    assert number_of(second) == number_of(video.at(1.0)) == 25


def test_colours_follow_the_matrix_that_the_file_names(tmp_path: Path) -> None:
    for matrix in (1, 6):  # BT.709 and BT.601, as H.273 numbers them
        path = tmp_path / f"{matrix}.mp4"
        with av.open(path, "w") as file:
            stream = file.add_stream("libx264", rate=25)
            stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            stream.codec_context.colorspace = matrix
            red = np.full((HEIGHT, WIDTH, 3), (200, 60, 30), np.uint8)
            frame = av.VideoFrame.from_ndarray(red, format="rgb24")
            name = "itu709" if matrix == 1 else "itu601"
            file.mux(stream.encode(frame.reformat(format="yuv420p", dst_colorspace=name)))
            file.mux(stream.encode())
        with Video(path) as video:
            assert np.abs(video.at(0).mean(axis=(0, 1)) - (200, 60, 30)).max() < 4


# --- What a video tells ----------------------------------------------------------------------


def test_a_video_tells_its_size_duration_and_rate(clips: dict[str, Clip]) -> None:
    with Video(clips["constant rate, B-frames, long group"].path) as video:
        assert (video.size, video.duration, video.rate) == ((WIDTH, HEIGHT), 2.8, 25.0)
        assert video.rotation == 0
        assert repr(video).endswith("96 × 64, 2.8 s, 25 frames/s>")
    with Video(clips["VP9 in WebM"].path) as video:
        assert video.rate == pytest.approx(30000 / 1001)
    with Video(clips["Matroska without an index"].path) as video:
        assert video.duration == pytest.approx(2.8, abs=0.001)
    with Video(clips["delayed by its edit list"].path) as video:
        assert video.duration == pytest.approx(3.28)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_stored_frames_are_turned_for_display(tmp_path: Path, degrees: int) -> None:
    # The writer counts its degrees counter-clockwise.
    write(tmp_path / "clip.mp4", [0, 1], 1 / MEAN_25, rotation=360 - degrees)
    with Video(tmp_path / "clip.mp4") as video:
        assert video.rotation == degrees
        height, width, _ = video.at(0).shape
        assert video.size == (width, height)
        assert number_of(np.rot90(video.at(1 / 25), degrees // 90)) == 1


def test_mirrored_frames_are_mirrored_for_display(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    write(path, [0, 1], 1 / MEAN_25)
    as_is = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    mirrored = struct.pack(">9i", -1 << 16, 0, 0, 0, 1 << 16, 0, WIDTH << 16, 0, 1 << 30)
    head, track = path.read_bytes().split(b"tkhd")
    path.write_bytes(head + b"tkhd" + track.replace(as_is, mirrored, 1))
    with Video(path) as video:
        assert number_of(video.at(1 / 25)[:, ::-1]) == 1


def test_a_closed_video_says_so_and_its_file_is_closed(plain: Clip) -> None:
    video = Video(plain.path)
    going = video.many([0, 1])
    next(going)
    video.close()
    video.close()
    with pytest.raises(errors.MediaError, match="it is closed"):
        video.at(0)
    with pytest.raises(errors.MediaError, match="it is closed"):
        next(going)


def test_a_file_is_read_from_its_beginning_and_left_open(plain: Clip) -> None:
    with plain.path.open("rb") as file:
        file.seek(777)
        with Video(file) as video:
            assert number_of(video.at(1)) == 25
        assert not file.closed
    with Video(io.BytesIO(plain.path.read_bytes())) as video:
        assert number_of(video.at(1)) == 25


def test_a_path_may_be_text(plain: Clip) -> None:
    with Video(str(plain.path)) as video:
        assert number_of(video.at(1)) == 25


# --- Times that are not there ----------------------------------------------------------------


@pytest.mark.parametrize("t", [-0.001, 2.81, 10**400, float("inf"), float("nan")])
def test_a_time_outside_is_refused_with_the_range(video: Video, t: float) -> None:
    with pytest.raises(errors.NoSuchTime, match=r"expected a time from 0 to 2\.8 s, got") as caught:
        video.at(t)
    assert isinstance(caught.value, ValueError)
    assert caught.value.duration == 2.8
    with pytest.raises(errors.NoSuchTime):
        video.many([0, t])


@pytest.mark.parametrize("t", ["1", None, True, np.array([1.0]), 1j])
def test_what_is_no_time_is_refused_with_the_range(video: Video, t: object) -> None:
    with pytest.raises(errors.InvalidArgument, match=r"a time in seconds, from 0 to 2\.8"):
        video.at(t)  # type: ignore[arg-type]


# --- Boxes -----------------------------------------------------------------------------------


def test_a_crop_is_rounded_outward_and_cut_at_the_edges(video: Video) -> None:
    whole = video.at(1)
    assert (video.crop(1, [10.9, 20.0, 30.1, 40.0]) == whole[20:40, 10:31]).all()
    assert (video.crop(1, (-5, -5, 500, 10)) == whole[:10]).all()


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ([0, 0, float("nan"), 9], "four finite numbers"),
        ([0, 0, 9], "four finite numbers"),
        ("box", "four finite numbers"),
        ([5, 5, 5, 9], "an area inside the frame of 96 × 64 pixels"),
        ([9, 0, 5, 9], "an area inside the frame"),
        ([96, 0, 99, 9], "an area inside the frame"),
    ],
)
def test_a_box_without_area_is_refused(video: Video, box: object, expected: str) -> None:
    with pytest.raises(errors.InvalidArgument, match=expected):
        video.crop(1, box)  # type: ignore[arg-type]


# --- Files that are no videos, or not whole --------------------------------------------------


def test_a_file_cut_in_its_data_is_right_up_to_there(tmp_path: Path) -> None:
    for suffix, container in ((".mp4", {"movflags": "faststart"}), (".mkv", {})):
        whole, cut = tmp_path / f"whole{suffix}", tmp_path / f"cut{suffix}"
        write(whole, list(range(200)), 1 / MEAN_25, options={"preset": "ultrafast"},
              container=container)  # fmt: skip
        content = whole.read_bytes()
        cut.write_bytes(content[: len(content) * 6 // 10])
        with Video(cut) as video:
            with pytest.raises(errors.TruncatedMedia, match="truncated and its frames end") as told:
                video.at(7.99)
            assert 1 < told.value.end < 7
            for k in range(round(told.value.end * 25)):
                assert number_of(video.at(k / 25)) == k
            going = video.many([0.0, 7.99])
            assert number_of(next(going)) == 0
            with pytest.raises(errors.TruncatedMedia):
                next(going)


def test_an_mp4_without_its_index_is_told_as_truncated(plain: Clip) -> None:
    content = plain.path.read_bytes()
    for end in (20, 1000, content.index(b"moov") + 900):
        with pytest.raises(errors.NotMedia, match=r"MP4 or MOV file without a track .*truncated"):
            Video(io.BytesIO(content[:end]))


def test_missing_paths_and_folders_stay_what_python_calls_them(tmp_path: Path) -> None:
    for kind in (Video, Still, frames.open):
        with pytest.raises(FileNotFoundError):
            kind(tmp_path / "missing.mp4")
        with pytest.raises(IsADirectoryError):
            kind(tmp_path)


def sound(cover: bool) -> io.BytesIO:
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as file:
        stream = file.add_stream("aac", rate=8000, layout="mono")
        picture = file.add_stream("png") if cover else None
        if picture is not None:
            picture.width, picture.height, picture.pix_fmt = 32, 32, "rgb24"
            picture.disposition = av.stream.Disposition.attached_pic
            frame = av.VideoFrame.from_ndarray(numbered(0, 32, 32), format="rgb24")
            file.mux(picture.encode(frame))
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), "fltp", "mono")
        silence.sample_rate = 8000
        file.mux(stream.encode(silence))
        file.mux(stream.encode())
    return made


@pytest.mark.parametrize(
    ("source", "looks"),
    [
        (io.BytesIO(), "an empty file"),
        (io.BytesIO("字幕\n".encode()), "text"),
        (io.BytesIO(b"#EXTM3U\n#EXTINF:3\nclip.mp4\n"), "text"),
        (io.BytesIO(bytes(range(256)) * 9), "data of no format known here"),
        (io.StringIO("text"), "a text file"),
        (b"bytes", r"an object of type bytes \(wrap it in io.BytesIO\)"),
        (7, "an object of type int"),
        (sound(cover=False), "only sound"),
        (sound(cover=True), "only sound and a cover picture"),
    ],
)
def test_what_is_no_video_is_told_by_what_it_looks_like(source: object, looks: str) -> None:
    for kind in (Video, frames.open):
        with pytest.raises(errors.NotMedia, match=f"got {looks}"):
            kind(source)  # type: ignore[arg-type]


def test_a_file_that_cannot_seek_is_refused_with_the_way_out(plain: Clip) -> None:
    class Stream(io.BytesIO):
        def seekable(self) -> bool:
            return False

    with pytest.raises(errors.NotMedia, match=r"cannot seek \(read it into an io.BytesIO\)"):
        Video(Stream(plain.path.read_bytes()))


def test_a_stream_without_times_is_told() -> None:
    raw = io.BytesIO()
    write(raw, list(range(5)), 1 / MEAN_25, format="h264")
    with pytest.raises(errors.MediaError, match="carry no times"):
        Video(raw)


def test_errors_survive_pickling() -> None:
    for error in (
        errors.NotMedia("a.mp4", "a video", "text"),
        errors.TruncatedMedia("a.mp4", 9.0, 4.0),
        errors.NoSuchTime("a.mp4", 9.0, 4.0),
        errors.MediaError("a.mp4", "it is closed"),
    ):
        again = pickle.loads(pickle.dumps(error))
        assert str(again) == str(error)
        assert vars(again) == vars(error)


# --- Images ----------------------------------------------------------------------------------


def saved(picture: Image.Image, format: str, **options: object) -> io.BytesIO:
    made = io.BytesIO()
    picture.save(made, format, **options)
    return made


def test_a_still_serves_where_a_video_does() -> None:
    with Still(saved(Image.fromarray(numbered(5)), "PNG")) as still:
        assert (still.size, still.duration) == ((WIDTH, HEIGHT), None)
        assert number_of(still.at()) == number_of(still.at(99.0)) == 5
        assert [number_of(picture) for picture in still.many([3.0, float("nan")])] == [5, 5]
        assert still.crop(1.0, [0, 0, 9.5, 4]).shape == (4, 10, 3)
        assert repr(still) == "<Still 'BytesIO': 96 × 64>"


def test_the_orientation_that_a_camera_notes_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    still = Still(saved(Image.fromarray(numbered(5)), "JPEG", exif=exif))
    assert still.size == (HEIGHT, WIDTH)
    assert number_of(np.ascontiguousarray(np.rot90(still.at()))) == 5


def test_any_mode_becomes_rgb() -> None:
    for mode in ("1", "L", "P", "CMYK", "RGBA", "LA"):
        still = Still(saved(Image.fromarray(numbered(5)).convert(mode), "TIFF"))
        assert number_of(still.at()) == 5
    deep = Image.fromarray(numbered(5)[:, :, 0].astype(np.uint16) * 128)
    assert Still(saved(deep, "PNG")).at().max() == 127


def test_what_is_transparent_lies_on_white() -> None:
    clear = Image.new("RGBA", (4, 4), (9, 9, 9, 0))
    assert (Still(saved(clear, "PNG")).at() == 255).all()


def test_an_array_is_a_still_of_its_own() -> None:
    pixels = numbered(5)
    still = Still(pixels)
    pixels[:] = 0
    still.at()[:] = 0
    assert number_of(still.at()) == 5


@pytest.mark.parametrize(
    "pixels", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)]
)
def test_an_array_of_another_kind_is_refused(pixels: npt.NDArray[np.generic]) -> None:
    with pytest.raises(errors.InvalidArgument, match="uint8, shape"):
        Still(pixels)  # type: ignore[arg-type]


def test_too_many_pixels_are_refused(monkeypatch: pytest.MonkeyPatch, plain: Clip) -> None:
    picture = saved(Image.fromarray(numbered(5)), "PNG")
    for limit in (WIDTH * HEIGHT - 1, WIDTH * HEIGHT // 3):
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
        for kind, source in ((Still, picture), (frames.open, picture), (Video, plain.path)):
            with pytest.raises(errors.MediaError, match="attack on memory"):
                kind(source)


def test_a_damaged_image_is_told() -> None:
    content = saved(Image.fromarray(numbered(5)), "JPEG").getvalue()
    with pytest.raises(errors.NotMedia, match="a damaged one"):
        Still(io.BytesIO(content[: len(content) // 2]))


def test_video_and_still_each_tell_what_they_got_instead(plain: Clip) -> None:
    with pytest.raises(errors.NotMedia, match="expected a video; got a PNG picture"):
        Video(saved(Image.fromarray(numbered(5)), "PNG"))
    with pytest.raises(errors.NotMedia, match="expected an image; got an MP4 or MOV file"):
        Still(plain.path)


def test_open_decides_by_content(tmp_path: Path, plain: Clip) -> None:
    disguised = tmp_path / "picture.mp4"
    disguised.write_bytes(saved(Image.fromarray(numbered(5)), "JPEG").getvalue())
    still = frames.open(disguised)
    assert isinstance(still, Still)
    assert isinstance(frames.open(numbered(5)), Still)
    assert frames.open(still) is still
    with frames.open(io.BytesIO(plain.path.read_bytes())) as video:
        assert isinstance(video, Video)
        assert frames.open(video) is video


def test_an_animated_gif_is_a_video() -> None:
    pictures = [Image.fromarray(numbered(number)) for number in range(1, 5)]
    moving = saved(pictures[0], "GIF", save_all=True, append_images=pictures[1:], duration=100)
    with frames.open(moving) as video:
        assert isinstance(video, Video)
        assert number_of(video.at(0.25)) == 3
    assert isinstance(frames.open(saved(pictures[0], "GIF")), Still)


def test_the_sample_has_frames_up_to_its_end() -> None:
    with stag.frames.Video(stag.samples.video("magazine")) as video:
        assert video.at(video.duration).shape == (video.size[1], video.size[0], 3)

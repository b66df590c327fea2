"""Frames at random times: ours beside OpenCV, imageio-ffmpeg and the limit of decoding once.

Run as ``python tests/benchmarks/frames.py``, after
``pip install opencv-python-headless imageio-ffmpeg``; without those their lines are left out.

Clips with the number of each frame burnt in are written first. Each way runs in a process of its
own: the other libraries once, ours several times in turn with the limit. Medians of seconds are
printed, and ratios of them.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import subprocess
import sys
import tempfile
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import av
import numpy as np
import numpy.typing as npt

WIDTH, HEIGHT, FRAMES, TIMES = 640, 360, 900, 200
BITS = 10
NTSC = Fraction(30000, 1001)


# --- Clips -----------------------------------------------------------------------------------


def numbered(number: int, noise: np.ndarray) -> np.ndarray:
    """A moving texture, under two rows of five blocks that are white where the number has a bit."""
    picture = np.roll(noise, (3 * number, 5 * number), axis=(0, 1)).copy()
    bits = np.array([(number >> bit) & 1 for bit in range(BITS)], np.uint8).reshape(2, 5) * 255
    picture[: HEIGHT // 2] = np.kron(bits, np.ones((HEIGHT // 4, WIDTH // 5), np.uint8))[..., None]
    return picture


def number_of(picture: np.ndarray) -> int:
    """The number burnt into a frame."""
    return sum(
        int(
            picture[HEIGHT // 8 + row * HEIGHT // 4, WIDTH // 10 + column * WIDTH // 5].mean() > 128
        )
        << (row * 5 + column)
        for row in range(2)
        for column in range(5)
    )


def write(path: Path, codec: str, stamps: list[int], tick: Fraction, rate: Fraction) -> None:
    """Write a clip: groups of up to 120 pictures, with B-frames where the codec has them."""
    soft = np.random.default_rng(7).integers(90, 160, (HEIGHT // 8, WIDTH // 8, 3), np.uint8)
    noise = np.kron(soft, np.ones((8, 8, 1), np.uint8))
    options = (
        {"preset": "veryfast", "bf": "3", "b-pyramid": "normal"}
        if codec == "libx264"
        else {"deadline": "realtime", "cpu-used": "8", "auto-alt-ref": "1", "b": "1M"}
    )
    with av.open(path, "w") as file:
        stream = file.add_stream(codec, rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.gop_size = 120
        stream.codec_context.time_base = tick
        for number, stamp in enumerate(stamps):
            frame = av.VideoFrame.from_ndarray(numbered(number, noise), format="rgb24")
            frame = frame.reformat(format="yuv420p")
            frame.pts, frame.time_base = stamp, tick
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    with av.open(path) as file:
        keys = sorted(p.pts for p in file.demux(video=0) if p.is_keyframe and p.pts is not None)
    path.with_suffix(".keys").write_text(json.dumps(keys))


def clips(folder: Path) -> Iterable[tuple[str, Path, list[float]]]:
    """Write each clip: its title, file, and when each frame begins."""
    rng = random.Random(7)
    for codec, suffix in (("libx264", "mp4"), ("libvpx-vp9", "webm")):
        name = {"mp4": "H.264", "webm": "VP9"}[suffix]
        path = folder / f"constant-{name}.{suffix}"
        write(path, codec, list(range(FRAMES)), 1 / NTSC, NTSC)
        yield f"{name}, constant rate (30000/1001)", path, [float(k / NTSC) for k in range(FRAMES)]
        stamps = [0]
        while len(stamps) < FRAMES:
            stamps.append(stamps[-1] + rng.choice((17, 20, 33, 33, 40, 66, 200)))
        path = folder / f"variable-{name}.{suffix}"
        write(path, codec, stamps, Fraction(1, 1000), Fraction(25))
        yield f"{name}, variable rate", path, [stamp / 1000 for stamp in stamps]


def random_times(starts: list[float]) -> list[float]:
    """Times in random order, none so near a frame's start that rounded stamps leave it open."""
    rng = random.Random(11)
    times: list[float] = []
    while len(times) < TIMES:
        t = rng.uniform(0, starts[-1])
        if min(abs(t - starts[i]) for i in _around(starts, t)) > 0.001:
            times.append(t)
    return times


def _around(starts: list[float], t: float) -> tuple[int, int]:
    after = min(bisect_right(starts, t), len(starts) - 1)
    return after - 1, after


# --- The ways --------------------------------------------------------------------------------


Pictures = Iterator[npt.NDArray[np.uint8]]


def ours_at(path: Path, times: list[float]) -> Pictures:
    """One call of at() for each time."""
    from smarttag_nb.frames import Video

    with Video(path) as video:
        yield from (video.at(t) for t in times)


def ours_many(path: Path, times: list[float]) -> Pictures:
    """One call of many()."""
    from smarttag_nb.frames import Video

    with Video(path) as video:
        yield from video.many(times)


def opencv(path: Path, times: list[float]) -> Pictures:
    """CAP_PROP_POS_MSEC and read."""
    import cv2

    video = cv2.VideoCapture(str(path))
    nothing = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for t in times:
        video.set(cv2.CAP_PROP_POS_MSEC, 1000 * t)
        is_read, picture = video.read()
        yield picture if is_read else nothing


def imageio_ffmpeg(path: Path, times: list[float]) -> Pictures:
    """One ffmpeg for each time, begun there."""
    import imageio_ffmpeg as ffmpeg

    for t in times:
        reader = ffmpeg.read_frames(str(path), input_params=["-ss", f"{t:.6f}"])
        next(reader)
        picture = np.frombuffer(next(reader, bytes(3 * WIDTH * HEIGHT)), np.uint8)
        yield picture.reshape(HEIGHT, WIDTH, 3)
        reader.close()


def decode_once(path: Path, times: list[float]) -> Pictures:
    """PyAV through the groups that the times lie in, each once: no search and no conversion."""
    keys = json.loads(path.with_suffix(".keys").read_text())
    with av.open(path) as file:
        stream = file.streams.video[0]
        stream.thread_type = "AUTO"
        tick = float(stream.time_base)
        for group in sorted({bisect_right(keys, t / tick) - 1 for t in times}):
            after = keys[group + 1] if group + 1 < len(keys) else float("inf")
            file.seek(keys[group], stream=stream)
            for frame in file.decode(stream):
                if frame.pts >= after:
                    break
    yield from ()


WAYS: dict[str, tuple[Callable[[Path, list[float]], Pictures], str]] = {
    "ours, at": (ours_at, "av"),
    "OpenCV, POS_MSEC": (opencv, "cv2"),
    "imageio-ffmpeg, -ss": (imageio_ffmpeg, "imageio_ffmpeg"),
    "ours, many": (ours_many, "av"),
    "decoding once (limit)": (decode_once, "av"),
}

SLOW = ("OpenCV, POS_MSEC", "imageio-ffmpeg, -ss")
"""Measured once: they are there for their exactness, and their seconds are far from the others'."""


# --- Measuring -------------------------------------------------------------------------------


def one(way: str, path: Path, times: list[float]) -> None:
    """Measure one way in this process, without the reading of the numbers, after a warm-up."""
    run, _ = WAYS[way]
    for _ in run(path, times[:1] if way in SLOW else times):
        pass
    pictures, found, seconds = iter(run(path, times)), [], 0.0
    while True:
        begun = time.perf_counter()
        picture = next(pictures, None)
        seconds += time.perf_counter() - begun
        if picture is None:
            break
        found.append(number_of(picture))
    print(json.dumps([seconds, found]))


def measure(way: str, path: Path, times: list[float]) -> tuple[float, list[int]]:
    """Measure one way in a fresh process: seconds and the numbers of its frames."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", way, str(path)],
        input=json.dumps(times),
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, found = json.loads(done.stdout.splitlines()[-1])
    return seconds, found


def table(title: str, path: Path, starts: list[float], rounds: int) -> None:
    """Print every way on one clip."""
    times = random_times(starts)
    truth = [bisect_right(starts, t) - 1 for t in times]
    ways = [way for way, (_, library) in WAYS.items() if importlib.util.find_spec(library)]
    runs: dict[str, list[tuple[float, list[int]]]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            if not (runs[way] and way in SLOW):
                runs[way].append(measure(way, path, times))
    seconds = {way: median(s for s, _ in run) for way, run in runs.items()}
    print(f"\n{title} ({FRAMES} frames, {path.stat().st_size / 1e6:.1f} MB)")
    print(f"{'way':24}{'exact of ' + str(TIMES):>14}{'seconds':>9}{'÷ limit':>9}")
    limit = seconds["decoding once (limit)"]
    for way in ways:
        found = runs[way][0][1]
        exact = str(sum(map(int.__eq__, found, truth))) if found else "–"
        print(f"{way:24}{exact:>14}{seconds[way]:9.3f}{seconds[way] / limit:9.2f}")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="how often to measure each way")
    parser.add_argument("--one", nargs=2, metavar=("WAY", "FILE"), help=argparse.SUPPRESS)
    given: Any = parser.parse_args()
    if given.one:
        one(given.one[0], Path(given.one[1]), json.load(sys.stdin))
        return
    with tempfile.TemporaryDirectory() as folder:
        for title, path, starts in clips(Path(folder)):
            table(title, path, starts, given.times)


if __name__ == "__main__":
    main()

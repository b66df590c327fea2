"""Media: the video or image that boxes stand on, and what tells its size and its frames."""

from __future__ import annotations

import os
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InvalidArgument
from ..job import Job
from .names import answer_file

if TYPE_CHECKING:
    from ..frames import Frame, Still, Video
    from ..frames.sources import Source

    Medium = Source | Frame | Video | Still

_FASTEST = 1000
"""Frames a second; what is above is no rate."""

_LAST_FRAME = 2**31 - 2
"""The last frame that a tool's 32-bit number can name, also where frames count from 1."""


@dataclass(frozen=True, slots=True)
class Media:
    """The video or image that boxes stand on.

    Attributes
    ----------
    name : str
        Its file's name; of a path that was given, otherwise made of the job's id.
    path : Path or None
        Where it is, if a path was given.
    size : (int, int)
        Width and height in pixels.
    fps : float
        Frames a second; NaN of an image.
    frames : int
        How many frames it has; 1 of an image.
    is_measured : bool
        Whether the file tells how many. What an answer tells is no limit: boxes may lie behind it.
    """

    name: str
    path: Path | None
    size: tuple[int, int]
    fps: float
    frames: int
    is_measured: bool

    @property
    def is_image(self) -> bool:
        """Whether it is an image."""
        return bool(np.isnan(self.fps))

    @property
    def last_frame(self) -> int:
        """The last frame that anything can stand on."""
        return self.frames - 1 if self.is_measured else _LAST_FRAME


def media_of(
    job: Job,
    *,
    video: Medium | None,
    size: tuple[float, float] | None,
    fps: float | None,
) -> Media:
    """Tell what the boxes of a job stand on, from what is given.

    Parameters
    ----------
    job : Job
        An answer.
    video, size, fps
        As for `place`.

    Returns
    -------
    Media
        An image, where one is given, or neither a video nor fps, and no box has a time.

    Raises
    ------
    InvalidArgument
        `size` or `fps` is out of its range, or missing where no video tells it.
    """
    sides = None if size is None else _checked_size(size)
    if fps is not None and (
        isinstance(fps, bool) or not isinstance(fps, Real) or not 0 < fps <= _FASTEST
    ):
        raise InvalidArgument("fps", f"frames a second, up to {_FASTEST}", fps)
    has_times = any(
        np.isfinite(times.to_numpy()).any()
        for times in (job["boxes"]["timestamp"], job["occurrences"]["start_time"])
    )
    is_image = video is None and fps is None and not has_times
    seconds, is_measured = job.duration.seconds, False
    if video is not None:
        # Here, because it loads the libraries of video, and only who gives one needs them.
        from .. import frames

        media = frames.open(video)
        is_image = isinstance(media, frames.Still)
        sides = sides or media.size
        if isinstance(media, frames.Video):
            seconds, is_measured = media.duration, True
            fps = media.rate if fps is None and np.isfinite(media.rate) else fps
        if media is not video:
            media.close()
    if sides is None:
        raise InvalidArgument("size", "(width, height) of the frame in pixels, or video=", size)
    path = Path(video) if isinstance(video, (str, os.PathLike)) else None
    # Not the job's id as it is: what comes from an answer could lead to any file.
    stem = answer_file(job.job_id).removesuffix(".json") if job.job_id else "media"
    if is_image:
        return Media(path.name if path else f"{stem}.jpg", path, sides, np.nan, 1, True)
    if fps is None:
        raise InvalidArgument("fps", "frames a second, or a video= that tells them", fps)
    count = np.nan_to_num(np.clip(seconds * fps, 1, _LAST_FRAME), nan=1)
    name = path.name if path else f"{stem}.mp4"
    return Media(name, path, sides, float(fps), round(float(count)), is_measured)


def _checked_size(size: Any) -> tuple[int, int]:
    try:
        sides = np.asarray(size, dtype=np.float64)
    except (TypeError, ValueError):
        sides = np.empty(0)
    if sides.shape != (2,) or not ((sides >= 1) & (sides <= 2**31 - 1)).all():
        raise InvalidArgument("size", "(width, height) of the frame in pixels", size)
    return round(float(sides[0])), round(float(sides[1]))

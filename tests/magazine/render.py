"""The clip's file, drawn and encoded in one pass."""

from __future__ import annotations

from pathlib import Path

import av
from tqdm import tqdm

from . import scenes
from .programme import FPS, Frame, Programme, draw_frame
from .speech import RATE

BLOCK = 1024
"""Samples of a frame of AAC."""


def write_clip(programme: Programme, file: Path) -> list[Frame]:
    """Draw and encode every frame; tell what each shows."""
    frames: list[Frame] = []
    with av.open(str(file), "w", options={"movflags": "+faststart"}) as container:
        video = container.add_stream("libx264", rate=FPS)
        video.width, video.height = scenes.SIZE
        video.pix_fmt = "yuv420p"
        # One thread: more would make the bytes differ from run to run.
        video.options = {
            "crf": "25.2",
            "preset": "veryslow",
            "tune": "animation",
            "g": "50",
            "threads": "1",
        }
        video.codec_context.thread_count = 1
        audio = container.add_stream("aac", rate=RATE, layout="mono")
        audio.bit_rate = 48_000
        for number in tqdm(range(programme.frames), desc="frames", unit="frame"):
            picture, frame = draw_frame(programme, number)
            frames.append(frame)
            # Sound and picture in turn, as players want them to stand in the file.
            for at in range(*_blocks(number)):
                container.mux(audio.encode(_sound(programme, at)))
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(video.encode())
        container.mux(audio.encode())
    return frames


def _blocks(number: int) -> tuple[int, int, int]:
    """Where the blocks of sound start that belong to a frame of the picture."""
    each = RATE // FPS
    first = -(-number * each // BLOCK) * BLOCK
    return first, (number + 1) * each, BLOCK


def _sound(programme: Programme, at: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(programme.sound[None, at : at + BLOCK], "fltp", "mono")
    frame.sample_rate, frame.pts = RATE, at
    return frame

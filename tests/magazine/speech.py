"""What is said: synthetic speech, placed so that each sentence's times are exactly known."""

from __future__ import annotations

import subprocess
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .cast import MARA, MINGCHUAN, QINGHE, TOBIAS, Person

RATE = 32_000

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Line:
    """A sentence of the script: its words stand apart, and their marks with them."""

    shot: str
    person: Person
    words: str
    translation: str = ""

    @property
    def language(self) -> str:
        """zh or en, as spoken."""
        return "zh" if self.person.voice[0] == "cmn" else "en"

    @property
    def parts(self) -> list[str]:
        """The words."""
        return self.words.split(" ")

    @property
    def text(self) -> str:
        """The sentence as written."""
        return "".join(self.parts) if self.language == "zh" else self.words


SCRIPT = (
    Line("studio", QINGHE, "大家 早上 好，"),
    Line("studio", QINGHE, "欢迎 收看 晨间 手记。"),
    Line("studio", QINGHE, "今天 我们 从 一杯 咖啡 说起。"),
    Line("cup", QINGHE, "刚 做好 的 咖啡， 表面 有 一层 细腻 的 油脂。"),
    Line("spoon", QINGHE, "先 闻 香气， 再 用 小勺 轻轻 搅动。"),
    Line("interview", MINGCHUAN, "好 咖啡 不怕 等， 水温 比 时间 重要。", "Good coffee can wait."),
    Line("interview", MARA, "Water at ninety two degrees works best.", "九十二度的水最合适。"),
    Line("interview", MINGCHUAN, "每天 早上 我 都 要 试 三次。", "I test it three times a morning."),
    Line("mara", MARA, "A good cup begins with patience.", "一杯好咖啡始于耐心。"),
    Line("mara", MARA, "And then you share it with a friend.", "然后和朋友一起分享。"),
    Line("cat", QINGHE, "店里 的 这只 猫， 已经 七岁 了。"),
    Line("cat", QINGHE, "它 最 喜欢 窗边 的 阳光。"),
    Line("slide", QINGHE, "记住 三件 事： 水温、 时间 和 耐心。"),
    Line("rocket", TOBIAS, "Meanwhile on the coast, a rocket waits for the dawn.", "海岸边，火箭等待黎明。"),
    Line("rocket", TOBIAS, "The launch is planned for Tuesday morning.", "发射定于星期二早晨。"),
    Line("street", TOBIAS, "People here have been waiting since midnight.", "人们从午夜就开始等候。"),
    Line("street", TOBIAS, "Back to you in the studio.", "把时间交还演播室。"),
    Line("stars", MARA, "Each point of light here is a galaxy.", "这里每一点光都是一个星系。"),
    Line("recap", QINGHE, "谢谢 你们 的 报道。"),
    Line("recap", QINGHE, "我们 明天 同一 时间 再见。"),
)  # fmt: skip


@dataclass(frozen=True)
class Spoken:
    """A sentence with its sound, from its first sound to its last."""

    line: Line
    sound: Samples

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.sound) / RATE


def speak(line: Line) -> Spoken:
    """Synthesise a sentence and cut the silence around it."""
    engine, voice = line.person.voice
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        if engine == "cmn":
            command = [
                "espeak-ng",
                "-v",
                "cmn",
                "-p",
                voice,
                "-s",
                "190",
                "-w",
                str(file),
                line.text,
            ]
        else:
            command = [
                "flite",
                "-voice",
                voice,
                "--setf",
                "duration_stretch=1.12",
                "-t",
                line.text,
                "-o",
                str(file),
            ]
        subprocess.run(command, check=True, capture_output=True)
        with wave.open(str(file)) as sound:
            rate = sound.getframerate()
            raw = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
    said = raw.astype(np.float32) / 32768
    loud = np.flatnonzero(np.abs(said) > 0.02)
    said = said[loud[0] : loud[-1] + 1]
    length = round(len(said) * RATE / rate)
    said = np.interp(np.linspace(0, len(said) - 1, length), np.arange(len(said)), said)
    level = 0.11 / max(float(np.sqrt(np.mean(said**2))), 1e-6)
    return Spoken(line, np.clip(said * level, -0.9, 0.9).astype(np.float32))


def word_times(line: Line, begin: float, until: float) -> list[tuple[float, float, str]]:
    """The words' times, in proportion to how many sounds each has."""
    weights = np.array(
        [
            sum(2.0 if "\u4e00" <= c <= "\u9fff" else 1.0 if c.isalnum() else 1.2 for c in word)
            for word in line.parts
        ]
    )
    edges = begin + (until - begin) * np.concatenate([[0], np.cumsum(weights) / weights.sum()])
    return [
        (float(start), float(end), word)
        for start, end, word in zip(edges[:-1], edges[1:], line.parts, strict=True)
    ]


def music(seconds: float) -> Samples:
    """A soft bed of slow chords."""
    t = np.arange(round(seconds * RATE)) / RATE
    chords = ((220.0, 277.18, 329.63), (196.0, 246.94, 293.66), (174.61, 220.0, 261.63),
              (196.0, 246.94, 329.63))  # fmt: skip
    bed = np.zeros_like(t)
    for k in range(int(seconds // 4) + 1):
        inside = (t >= 4 * k) & (t < 4 * k + 4)
        own = t[inside] - 4 * k
        swell = np.sin(np.pi * own / 4) ** 0.7
        for note in chords[k % len(chords)]:
            bed[inside] += swell * (
                np.sin(2 * np.pi * note * own) + 0.3 * np.sin(4 * np.pi * note * own)
            )
    fade = np.clip(np.minimum(t / 1.5, (seconds - t) / 2.0), 0, 1)
    return (0.012 * bed * fade).astype(np.float32)

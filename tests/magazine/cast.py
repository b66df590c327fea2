"""Who is on screen. All of them are drawn, and their names belong to nobody."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Voice:
    """A synthetic voice: its engine, its name there, and how it speaks."""

    engine: str
    name: str
    rate: float
    pitch: float
    language: str


@dataclass(frozen=True)
class Person:
    """A drawn person: how they look and sound."""

    name: str
    title: str
    skin: str
    hair: str
    style: str
    garment: str
    cloth: str
    accent: str
    iris: str
    lips: str
    jaw: float = 0.17
    brow: float = 1.0
    glasses: bool = False
    beard: bool = False
    freckles: bool = False
    earrings: bool = False
    voice: Voice | None = None


QINGHE = Person(
    "沈青禾", "主持人", "#f3c9a8", "#2b2531", "bob", "blazer", "#d2604b", "#f6ebdd", "#4a2f22",
    "#c9544f", earrings=True, voice=Voice("espeak", "cmn-latn-pinyin+f3", 222, 56, "zh"),
)  # fmt: skip
MINGCHUAN = Person(
    "顾明川", "咖啡师", "#e6b08a", "#23262d", "crop", "apron", "#e8ddc9", "#2f4a4a", "#3a2a20",
    "#b5675a", jaw=0.20, brow=1.35, glasses=True,
    voice=Voice("espeak", "cmn-latn-pinyin+m3", 218, 40, "zh"),
)  # fmt: skip
MARA = Person(
    "Mara Ellison", "Science writer", "#f7d7bf", "#b4602c", "waves", "knit", "#2c4a6e", "#3d6290",
    "#4d7a68", "#c7625a", freckles=True, voice=Voice("flite", "slt", 1.06, 0, "en"),
)  # fmt: skip
TOBIAS = Person(
    "Tobias Renn", "Field reporter", "#b07a54", "#2a1e18", "curls", "parka", "#5f7550", "#dca447",
    "#2e1d14", "#9a5348", jaw=0.21, brow=1.4, beard=True,
    voice=Voice("flite", "rms", 1.0, 0, "en"),
)  # fmt: skip
PASSER_A = Person(
    "", "", "#d9a27d", "#6b4a35", "cap", "parka", "#4c5d7d", "#c9574a", "#3a2a20", "#a8645a",
    jaw=0.20, brow=1.2,
)  # fmt: skip
PASSER_B = Person(
    "", "", "#efc6a6", "#a7a2a0", "bun", "blazer", "#7d5a74", "#e6d8dc", "#4a3a30", "#b8605c",
)  # fmt: skip

CAST = (QINGHE, MINGCHUAN, MARA, TOBIAS)
UNKNOWN = ("未知人脸1", "未知人脸2")
"""What a recogniser calls the passers-by."""

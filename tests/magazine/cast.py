"""Who is on screen. All of them are drawn, and their names belong to nobody."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A drawn person: how they look and sound."""

    name: str
    title: str
    skin: str
    hair: str
    style: str
    cloth: str
    lapel: str
    brow: str
    glasses: bool = False
    beard: bool = False
    voice: tuple[str, str] = ("", "")


QINGHE = Person(
    "沈青禾", "主持人 · 晨间手记", "#f0c3a0", "#2a2230", "bob", "#c9573f", "#f6e7d8", "#2a2230",
    voice=("cmn", "62"),
)  # fmt: skip
MINGCHUAN = Person(
    "顾明川", "咖啡师", "#e3ac83", "#22262c", "short", "#3f6f68", "#e9e4d6", "#22262c",
    glasses=True, voice=("cmn", "34"),
)  # fmt: skip
MARA = Person(
    "Mara Ellison", "Science writer", "#f5d2b8", "#b5622f", "long", "#2f4f75", "#efe9dc", "#8a4a24",
    voice=("flite", "slt"),
)  # fmt: skip
TOBIAS = Person(
    "Tobias Renn", "Field reporter", "#b97d56", "#2b1d16", "curly", "#6b7f4a", "#e8dcc0",
    "#2b1d16", beard=True, voice=("flite", "rms"),
)  # fmt: skip
PASSER_A = Person("", "", "#dca27c", "#5a4634", "short", "#7d6f93", "#d9d2e4", "#5a4634")
PASSER_B = Person("", "", "#f0c8a8", "#8d8a86", "bob", "#a8747c", "#efdfe0", "#77726d")

CAST = (QINGHE, MINGCHUAN, MARA, TOBIAS)

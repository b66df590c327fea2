"""Made talks: sentences of words, with the times at which they are said."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from . import wording_en, wording_zh

WORDINGS = {"zh": wording_zh, "en": wording_en}
PACE = {"zh": 4.6, "en": 14.0}
"""Characters a second."""

_DIGITS = "零一二三四五六七八九"
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth"


class Word(NamedTuple):
    """A word of a talk.

    `mark` is the punctuation after it; `other` another way to write it (a number in digits), or
    empty; `like` a word that says the same, or empty; `spare` whether the sentence stands without
    it.
    """

    text: str
    mark: str = ""
    other: str = ""
    like: str = ""
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a talk: its words, and the start and end of each (s)."""

    words: tuple[Word, ...]
    starts: tuple[float, ...]
    ends: tuple[float, ...]

    @property
    def length(self) -> int:
        """Characters it is long."""
        return sum(len(word.text) for word in self.words)


def spelled(words: tuple[Word, ...] | list[Word], language: str, marks: bool = True) -> str:
    """Write words as a text; without marks, those within it become spaces."""
    gap = " " if language == "en" else ""
    parts: list[str] = []
    for word in words:
        before = parts[-1][-1:] if parts else ""
        # Chinese puts spaces about words in Latin letters only.
        mixed = language == "zh" and before != "" and _latin(before) != _latin(word.text[:1])
        if parts and (gap or (mixed and (word.text[:1].isalpha() and before.isalpha()))):
            parts.append(" ")
        parts.append(word.text + (word.mark if marks else " " if word.mark and not gap else ""))
    return "".join(parts).strip()


def _latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def chinese_number(value: int) -> str:
    """Spell a number below ten thousand."""
    if value < 10:
        return _DIGITS[value]
    made, pending = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // unit % 10
        if digit:
            made += "零" if pending and made else ""
            made += _DIGITS[digit] + name
        pending = digit == 0
    return made.removeprefix("一") if 10 <= value < 20 else made


def english_number(value: int) -> str:
    """Spell a number below a hundred; larger ones stay in digits."""
    if value >= 100:
        return str(value)
    if value < 20:
        return _ONES.split()[value]
    return _TENS.split()[value // 10] + (f"-{_ONES.split()[value % 10]}" if value % 10 else "")


class Speaker:
    """Somebody who talks about two or three topics, and has their favourite words."""

    def __init__(self, language: str, random: Random, mixed: bool = False) -> None:
        self.language, self.random = language, random
        self.wording = WORDINGS[language]
        apart = " " if language == "zh" else None
        topics = random.sample(sorted(self.wording.TOPICS), 3)
        self.lists: dict[str, list[str]] = {"noun": [], "phrase": [], "quality": []}
        for share, topic in zip((1.0, 0.7, 0.35), topics, strict=True):
            nouns, phrases, qualities = self.wording.TOPICS[topic]
            for name, words in (
                ("noun", nouns.split()),
                ("phrase", phrases.split("|")),
                ("quality", qualities.split()),
            ):
                self.lists[name] += random.sample(words, round(share * len(words)))
        for words in self.lists.values():
            random.shuffle(words)
        for name, text in self.wording.WORDS.items():
            self.lists[name] = text.split("|") if "|" in text else text.split(apart)
        self.spare = frozenset(self.wording.FILLERS.split())
        self.patterns = list(self.wording.SENTENCES)
        if mixed:
            self.patterns = [p for pair in zip(self.patterns, self.wording.MIXED * 9, strict=False)
                             for p in pair]  # fmt: skip

    def pick(self, entries: list[str] | tuple[str, ...]) -> str:
        """One of the entries: half the time any, otherwise the k-th about 1/k as often."""
        if self.random.random() < 0.5:
            return self.random.choice(entries)
        rank = int((len(entries) + 1) ** self.random.random()) - 1
        return entries[min(rank, len(entries) - 1)]

    def sentence(self) -> list[Word]:
        """Say a new sentence."""
        shortest, longest = (4, 30) if self.language == "zh" else (2, 18)
        while True:
            words = self.expand(self.pick(self.patterns))
            length = sum(len(w.text) for w in words) if self.language == "zh" else len(words)
            if shortest <= length <= longest:
                return self.ended(words)

    def short(self) -> list[Word]:
        """Say one of the short things that are said again and again."""
        return self.cased(self.expand(self.pick(self.wording.SHORT.split("|"))))

    def steps(self, count: int) -> list[list[Word]]:
        """Say the same with another number each time."""
        pattern = self.random.choice(self.wording.STEPS)
        first = self.random.randint(1, 4)
        # Only the number differs, or the rest does too.
        same = self.random.random() < 0.6
        state = self.random.getstate()
        made = []
        for number in range(first, first + count):
            if same:
                after = self.random.getstate()
                self.random.setstate(state)
            made.append(self.ended(self.expand(pattern, number)))
            if same:
                self.random.setstate(after)
        return made

    def headline(self) -> str:
        """Write a headline."""
        return spelled(self.expand(self.pick(self.wording.HEADLINES)), self.language, marks=False)

    def ended(self, words: list[Word]) -> list[Word]:
        """End a sentence with its mark."""
        asks = words[-1].text in "吗呢" or words[0].text.lower() in (
            "why", "how", "when", "where", "is",
        )  # fmt: skip
        full = ("？" if asks else "。") if self.language == "zh" else ("?" if asks else ".")
        return self.cased([*words[:-1], words[-1]._replace(mark=full)])

    def cased(self, words: list[Word]) -> list[Word]:
        """Write the first letter large."""
        first = words[0]
        return [first._replace(text=first.text[:1].upper() + first.text[1:]), *words[1:]]

    def expand(self, pattern: str, step: int = 0) -> list[Word]:
        """Put words in the places of a pattern."""
        words: list[Word] = []
        for part in pattern.split():
            if part.startswith("$"):
                words += self.fill(part[1:], step)
            elif len(part) == 1 and not part.isalnum() and words:
                mark = part if self.language == "en" else {",": "，"}.get(part, part)
                words[-1] = words[-1]._replace(mark=mark)
            else:
                words += self.plain(part)
        return words

    def fill(self, name: str, step: int) -> list[Word]:
        """Words for a name."""
        zh = self.language == "zh"
        number = self.random
        if name in ("digit", "number", "ordinal", "year"):
            value = {
                "digit": step,
                "ordinal": step,
                "number": number.choice((number.randint(2, 20), number.randint(2, 99))),
                "year": number.randint(1920, 2025),
            }[name]
            if name == "year":
                text = str(value)
                other = "".join(_DIGITS[int(d)] for d in text) if zh else ""
            elif name == "ordinal" and not zh:
                text, other = (
                    (_ORDINALS.split()[value], "") if number.random() < 0.5 else (str(value), "")
                )
                if text.isdigit():
                    other = english_number(value)
            else:
                text = str(value)
                other = chinese_number(value) if zh else english_number(value)
                if number.random() < 0.5:
                    text, other = other, text
            return [Word(text, other=other)]
        entry = self.pick(self.lists[name])
        if zh:
            return self.plain(entry)
        return [word for part in entry.split() for word in self.plain(part)]

    def plain(self, text: str) -> list[Word]:
        """The words of a text that stands for itself; long Chinese ones are cut."""
        if self.language == "zh" and len(text) > 4 and not text.isascii():
            cut = len(text) // 2
            return [Word(text[:cut]), Word(text[cut:])]
        lower = text.lower()
        like = self.wording.SYNONYMS.get(lower, "")
        return [Word(text, like=like, spare=lower in self.spare)]


def talk(speaker: Speaker, seconds: float, begin: float = 4.0) -> list[Said]:
    """Talk for so long (s), from `begin` on: sentences with pauses between."""
    random = speaker.random
    said: list[Said] = []
    time, pace = begin, PACE[speaker.language] * random.uniform(0.9, 1.1)
    last = seconds - 4
    while time < last:
        for words in _next(speaker, said):
            length = sum(len(w.text) for w in words) + 0.8
            tempo = pace * random.uniform(0.88, 1.12)
            starts, ends, at = [], [], time
            for word in words:
                starts.append(at)
                at += (len(word.text) + (0.2 if speaker.language == "en" else 0)) / tempo
                ends.append(at)
                at += 0.12 if word.mark else 0.0
            if ends[-1] > seconds - 2 or length <= 0:
                return said
            said.append(Said(tuple(words), tuple(starts), tuple(ends)))
            time = ends[-1] + _pause(random)
    return said


def _pause(random: Random) -> float:
    kind = random.random()
    if kind < 0.4:
        return random.uniform(0.02, 0.12)
    if kind < 0.8:
        return random.uniform(0.15, 0.6)
    if kind < 0.96:
        return random.uniform(0.6, 2.0)
    return random.uniform(2.5, 8.0)


def _next(speaker: Speaker, said: list[Said]) -> list[list[Word]]:
    """What is said next: mostly a new sentence, sometimes what was said before."""
    chance = speaker.random.random()
    if chance < 0.06:
        return [speaker.short()]
    if chance < 0.075:
        return [speaker.short()] * 2
    if chance < 0.09 and len(said) > 20:
        # Of about a minute ago.
        return [list(said[-speaker.random.randint(12, 20)].words)]
    if chance < 0.10:
        return [speaker.sentence()] * 2
    if chance < 0.12:
        return speaker.steps(speaker.random.randint(2, 4))
    return [speaker.sentence()]

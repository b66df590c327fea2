"""Synthetic speech whose sentences and words have exactly known times."""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import re
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .cast import Voice
from .script import Line

RATE = 32_000
"""Samples a second, of everything heard."""

SILENCE = 0.012
"""What is quieter than this, of full scale, is a pause."""

LEVEL = 0.115
"""How loud a sentence is: the root of its mean square."""

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Spoken:
    """A sentence with its sound, from its first sound to its last.

    Parameters
    ----------
    line : Line
        The sentence.
    sound : numpy.ndarray
        Its sound.
    words : list of (float, float)
        When each of its words begins and ends, in seconds from the first sound.
    """

    line: Line
    sound: Samples
    words: list[tuple[float, float]]

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.sound) / RATE


@functools.cache
def speak(line: Line) -> Spoken:
    """Synthesise a sentence, and cut the silence around it."""
    voice = line.person.voice
    assert voice is not None
    engine = {"espeak": _espeak, "flite": _flite}[voice.engine]
    said, rate, starts = engine(line, voice)
    length = round(len(said) * RATE / rate)
    said = np.interp(np.linspace(0, len(said) - 1, length), np.arange(len(said)), said)
    loud = np.flatnonzero(np.abs(said) > SILENCE)
    first, last = loud[0], loud[-1] + 1
    starts[0] = first / RATE
    words = []
    for start, limit in zip(starts, [*starts[1:], last / RATE], strict=True):
        # A word ends with its last sound, not with the pause after a comma.
        within = loud[(loud >= start * RATE) & (loud < limit * RATE)]
        end = (within[-1] + 1) / RATE if len(within) else limit
        words.append((start - first / RATE, end - first / RATE))
    cut = said[first:last]
    level = LEVEL / max(float(np.sqrt(np.mean(cut**2))), 1e-6)
    return Spoken(line, np.clip(cut * level, -0.9, 0.9).astype(np.float32), words)


class _Event(ctypes.Structure):
    """An event of eSpeak NG, as its header speak_lib.h declares it."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_SYNCHRONOUS, _UTF8, _WORD = 2, 1, 1
_SPEED, _PITCH = 1, 3
_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@functools.cache
def _library() -> tuple[ctypes.CDLL, int]:
    """Load eSpeak NG once; it keeps its state for the process."""
    library = ctypes.CDLL(ctypes.util.find_library("espeak-ng"))
    return library, library.espeak_Initialize(_SYNCHRONOUS, 0, None, 0)


def _espeak(line: Line, voice: Voice) -> tuple[Samples, int, list[float]]:
    """Speak Mandarin from pinyin: given characters, this voice spells out what it lacks.

    Each syllable is a word to eSpeak NG, and it tells at which sample each begins.
    """
    library, rate = _library()
    pieces: list[npt.NDArray[np.int16]] = []
    begins: dict[int, float] = {}

    @_CALLBACK
    def heard(sound, count, events):  # type: ignore[no-untyped-def]
        if count > 0:
            pieces.append(np.ctypeslib.as_array(sound, (count,)).copy())
        k = 0
        while events[k].type:
            if events[k].type == _WORD:
                # A word on the border of two buffers is told twice.
                begins.setdefault(events[k].text_position, events[k].sample / rate)
            k += 1
        return 0

    syllables = iter(line.pinyin.split())
    counts, text = [], []
    for word in line.parts:
        own = [next(syllables) for character in word if "\u4e00" <= character <= "\u9fff"]
        counts.append(len(own))
        text.append(" ".join(own) + _mark(word))
    sent = " ".join(text).encode()
    library.espeak_SetSynthCallback(heard)
    library.espeak_SetVoiceByName(voice.name.encode())
    library.espeak_SetParameter(_SPEED, round(voice.rate), 0)
    library.espeak_SetParameter(_PITCH, round(voice.pitch), 0)
    library.espeak_Synth(sent, len(sent) + 1, 0, 1, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    # It counts characters from 1, and now and then tells of one where no syllable begins.
    places = [match.start() + 1 for match in re.finditer(r"\S+", sent.decode())]
    firsts = [places[sum(counts[:i])] for i in range(len(counts))]
    starts = [begins[place] for place in firsts]
    return np.concatenate(pieces).astype(np.float32) / 32768, rate, starts


def _mark(word: str) -> str:
    """The mark after a word, as pinyin is punctuated."""
    return {"，": ",", "、": ",", "：": ":", "。": ".", "？": "?"}.get(word[-1], "")


def _flite(line: Line, voice: Voice) -> tuple[Samples, int, list[float]]:
    """Speak English; a word begins where the last sound of the word before it ends.

    Flite tells every sound and its end; how many are a word's is told by saying the word alone.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        sounds = _sounds(line.text, voice, file)
        with wave.open(str(file)) as heard:
            rate = heard.getframerate()
            raw = np.frombuffer(heard.readframes(heard.getnframes()), dtype="<i2")
        counts = [len(_sounds(word, voice, file)) for word in line.parts]
    if len(sounds) != sum(counts):
        raise ValueError(f"{line.text}: {sum(counts)} sounds in its words, {len(sounds)} heard")
    starts = [sounds[sum(counts[:i])][0] for i in range(len(counts))]
    return raw.astype(np.float32) / 32768, rate, starts


def _sounds(text: str, voice: Voice, file: Path) -> list[tuple[float, float]]:
    """Say a text; tell when each of its sounds begins and ends, pauses aside."""
    stretch = f"duration_stretch={voice.rate}"
    command = [
        "flite",
        "-voice",
        voice.name,
        "--setf",
        stretch,
        "-psdur",
        "-t",
        text,
        "-o",
        str(file),
    ]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    sounds, before = [], 0.0
    for name, end in (item.split(":") for item in told.split()):
        if name != "pau":
            sounds.append((before, float(end)))
        before = float(end)
    return sounds

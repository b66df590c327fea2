"""A soft bed of music, synthesised."""

from __future__ import annotations

import numpy as np

from .speech import RATE, Samples

CHORDS = (
    (146.83, 220.0, 277.18, 369.99),
    (123.47, 185.0, 246.94, 293.66),
    (98.0, 196.0, 246.94, 369.99),
    (110.0, 164.81, 220.0, 329.63),
)
"""D, B minor, G and A with added notes, in hertz."""

BAR = 3.2
"""Seconds a chord lasts."""

LEVEL, DUCKED = 0.030, 0.30
"""How loud it is alone, and what share of that is left under speech."""


def bed(seconds: float, spoken: list[tuple[float, float]]) -> Samples:
    """Make music for a clip, softer where somebody speaks."""
    t = np.arange(round(seconds * RATE)) / RATE
    out = np.zeros_like(t)
    for k in range(int(seconds // BAR) + 1):
        chord = CHORDS[k % len(CHORDS)]
        start = k * BAR
        own = (t >= start) & (t < start + BAR + 1.2)
        time = t[own] - start
        swell = np.clip(time / 0.8, 0, 1) * np.clip((BAR + 1.2 - time) / 1.2, 0, 1)
        for note in chord:
            out[own] += 0.16 * swell * np.sin(2 * np.pi * note * time)
        for j in range(8):
            # A plucked pattern over the chord, like a small music box.
            pluck = time - j * BAR / 8
            after = pluck >= 0
            note = 2 * chord[(j * 3 + k) % len(chord)]
            ring = np.exp(-4.5 * pluck[after]) * np.sin(2 * np.pi * note * pluck[after])
            held = np.zeros_like(time)
            held[after] = ring * np.clip(pluck[after] / 0.006, 0, 1)
            out[own] += 0.30 * held
    gain = np.ones_like(t)
    for start, end in spoken:
        near = np.clip(np.minimum((t - start + 0.35) / 0.35, (end + 0.5 - t) / 0.5), 0, 1)
        gain = np.minimum(gain, 1 - (1 - DUCKED) * near)
    fade = np.clip(np.minimum(t / 0.6, (seconds - t) / 2.2), 0, 1)
    return (LEVEL * out * gain * fade).astype(np.float32)

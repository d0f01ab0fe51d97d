"""A telephone line made of numpy: what A-law, gain, packets and jitter buffers do to a recording."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ivr_prompts import alaw

Audio = npt.NDArray[np.int16]
PACKET = 160
RATE = 8000


def silence(seconds: float) -> Audio:
    return np.zeros(int(seconds * RATE), dtype=np.int16)


def joined(*pieces: Audio) -> Audio:
    return np.concatenate(pieces)


def chirp(seconds: float, low: float, high: float) -> Audio:
    time = np.arange(int(seconds * RATE)) / RATE
    phase = 2 * np.pi * (low * time + (high - low) * time**2 / (2 * seconds))
    return np.asarray(9000 * np.sin(phase), dtype=np.int16)


def burst(seconds: float, seed: int) -> Audio:
    dice = np.random.default_rng(seed)
    noise = dice.standard_normal(int(seconds * RATE) + 8)
    coloured = np.convolve(noise, np.ones(5) / 5, mode="valid")[: int(seconds * RATE)]
    return np.asarray(np.clip(coloured * 6000, -32000, 32000), dtype=np.int16)


@dataclass(frozen=True)
class Line:
    """A channel; the same seed spoils the same packets.

    `slips` are (second, samples): positive ones are inserted, negative ones left out.
    """

    gain_db: float = 0.0
    loss: float = 0.0
    noise_rms: float = 4.0
    seed: int = 0
    slips: tuple[tuple[float, int], ...] = field(default=())

    def carry(self, sound: Audio) -> Audio:
        dice = np.random.default_rng(self.seed)
        for second, samples in sorted(self.slips, reverse=True):
            at = int(second * RATE)
            if samples >= 0:
                # What packet-loss concealment does: the last moments once more.
                sound = joined(sound[:at], sound[max(0, at - samples) : at], sound[at:])
            else:
                sound = joined(sound[:at], sound[at - samples :])
        loud = sound.astype(np.float64) * 10 ** (self.gain_db / 20)
        loud += dice.normal(0.0, self.noise_rms, len(loud))
        heard = alaw.decode(alaw.encode(np.clip(loud, -32768, 32767).astype(np.int16))).copy()
        for at in range(int(dice.integers(0, PACKET)), len(heard), PACKET):
            if dice.random() < self.loss:
                heard[at : at + PACKET] = 0
        return heard

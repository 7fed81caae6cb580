"""The linear echo canceller: a partitioned-block frequency-domain Kalman filter.

State-space model of the echo path and diagonal Kalman recursion: G. Enzner and P. Vary, "Frequency-domain adaptive
Kalman filter for acoustic echo control in hands-free telephones", Signal Processing 86 (2006). Partitions: F. Kuech,
E. Mabande and G. Enzner, "State-space architecture of the partitioned-block-based acoustic echo controller",
ICASSP 2014. Two bases, the reference and its saturated copy, stand for a loudspeaker that saturates (the first term of
a Hammerstein model). It only ever subtracts: the user's voice passes untouched.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assistant.signal.echo_canceller import BINS, BLOCK, EchoEstimate
from assistant.signal.moved_echo import moved
from assistant.signal.path_watch import PathWatch

Floats = npt.NDArray[np.float32]
Spectrum = npt.NDArray[np.complex64]

PARTITIONS = 24
"""384 ms: device delay and room together, so that no delay need be estimated."""
BASES = 2
SATURATION = np.float32(0.1)
"""Where the second basis saturates, ±1.0 being full scale: about the RMS level of speech at -20 dBFS. Softly, as
loudspeakers do: a driver that does so is matched 2 to 8 dB better than by a clipped copy, one that clips no worse."""
FORGETTING = 0.99
"""The model's belief in a path that stays, per block (Enzner and Vary's A). Less follows a moving or drifting path
sooner, at the price of ERLE in double-talk: from .998 to .99 it is 3 dB more in the second after the path changed, and
half a decibel less where nothing moves."""
PRIOR_DB = 0.0
"""Power gain of the echo path before anything is known, over all partitions. More learns a loud echo sooner and lets
the user's voice move the filter: 5 dB more costs 2 dB of ERLE in double-talk."""
PRIOR_FALL_DB = 15.0
"""How far the prior falls from the first partition to the end: late echo is weak echo."""
LEAST_VARIANCE = 0.02
"""Share of the prior that stays possible for ever, so that a path that was silent can come to life."""
NEAR_SMOOTHING = 0.5
EARLY_EVERY, LATE_EVERY = 6, 12
"""Every partition is projected back to BLOCK taps once in so many blocks, the first and the second half of them: late
echo is weak. All at once would cost twice the time and gain nothing that could be measured. The second is a multiple
of the first."""
DOUBTED, KEPT = np.float32(0.3), np.float32(0.3)
"""When the path is lost: share of the whole prior that the variance gets back, at all delays alike, and of the weights'
amplitude that stays. Nobody knows where the echo is now; a prior that falls learns one that was delayed too slowly."""
MOVED_VARIANCE = np.float32(0.1)
"""Share of the weights' power, when the path is moved: it fits to a sample then, not to a part of one."""
TINY = np.float32(1e-9)


class LinearEchoFilter:
    """Owned by the turn thread. Costs nothing while the loudspeaker has been silent for the filter's whole length."""

    def __init__(self) -> None:
        shape = (PARTITIONS, BASES, BINS)
        self._weights = np.zeros(shape, np.complex64)
        self._variance = np.zeros(shape, np.float32)
        self._products = np.zeros(shape, np.complex64)
        self._explained = np.zeros(shape, np.float32)
        # Newest spectrum first. The rings are longer than the filter: a block is written in front of the last one, and
        # only when the front is reached are they moved back, so the newest PARTITIONS are one contiguous piece.
        self._ring = 4 * PARTITIONS
        self._spectra = np.zeros((self._ring, BASES, BINS), np.complex64)
        self._conjugates = np.zeros_like(self._spectra)
        self._powers = np.zeros((self._ring, BASES, BINS), np.float32)
        self._window = np.zeros((BASES, 2 * BLOCK), np.float32)
        self._near_power = np.zeros(BINS, np.float32)
        self._uncertainty = np.zeros(BINS, np.float32)
        fall = 10 ** (-PRIOR_FALL_DB / 10 * np.arange(PARTITIONS) / PARTITIONS)
        prior = 10 ** (PRIOR_DB / 10) * fall / fall.sum()
        self._prior = prior.astype(np.float32)[:, None, None]
        self._turns = _turns()
        self._watch = PathWatch()
        self.reset()

    def reset(self) -> None:
        """Forget the room."""
        self._weights[:] = 0
        self._variance[:] = self._prior
        for ring in (self._spectra, self._conjugates, self._powers):
            ring[:] = 0
        self._window[:] = 0
        self._near_power[:] = 0
        self._head = self._ring - PARTITIONS
        self._turn = 0
        self._silent_blocks = PARTITIONS + 1
        self._is_path_new = self._is_misplaced = False
        self._watch.reset()
        self._fitted = self._weights.copy()

    def sound_lost(self) -> None:
        """The device told so: from here on the echo may come later or sooner."""
        self._watch.sound_lost()

    def process(self, near: Floats, far: Floats) -> EchoEstimate:
        """near, far: (n · BLOCK,) float32 at 16 kHz, of the same moment. Raises ValueError for another length."""
        if len(near) != len(far) or len(near) % BLOCK or not len(near):
            raise ValueError(f"the echo filter takes whole blocks of {BLOCK} samples, not {len(near)} and {len(far)}")
        residual, uncertainty = np.empty_like(near), np.zeros(BINS, np.float32)
        is_path_new = is_misplaced = False
        for at in range(0, len(near), BLOCK):
            residual[at : at + BLOCK] = self._block(near[at : at + BLOCK], far[at : at + BLOCK])
            uncertainty += self._uncertainty
            is_path_new |= self._is_path_new
            is_misplaced |= self._is_misplaced
        uncertainty *= np.float32(BLOCK / len(near))
        return EchoEstimate(residual, near - residual, uncertainty, is_path_new, is_misplaced)

    def _block(self, near: Floats, far: Floats) -> Floats:
        self._is_path_new = self._is_misplaced = False
        self._silent_blocks = 0 if far.any() else self._silent_blocks + 1
        if self._silent_blocks > PARTITIONS:
            self._uncertainty = np.zeros(BINS, np.float32)
            self._watch.pause(near)
            return near
        newest = self._hear(far)
        powers = self._powers[newest]
        np.multiply(self._spectra[newest], self._weights, out=self._products)
        left, error = self._subtract_and_constrain(near, self._products.reshape(-1, BINS).sum(0))
        noticed = self._watch.update(near, near - left)
        self._is_misplaced, self._is_path_new = noticed.is_misplaced, noticed.is_lost
        if noticed.has_just_begun:
            self._fitted[:] = self._weights
        if noticed.moved_by is not None:
            self._move(noticed.moved_by)
            return left
        if noticed.is_lost:
            self._doubt()
        np.multiply(powers, self._variance, out=self._explained)
        expected = self._uncertainty = self._explained.reshape(-1, BINS).sum(0)
        near_power = self._track_near(error, expected)
        # The error's window is half the transform: a factor of 2 between its power and that of the full spectra.
        inverse = 1 / (expected + 2 * near_power + TINY)
        np.multiply(self._conjugates[newest], error * inverse, out=self._products)
        np.multiply(self._products, self._variance, out=self._products)
        self._weights += self._products
        self._explained *= -0.5 * inverse
        self._explained += 1
        self._variance *= self._explained
        return left

    def _subtract_and_constrain(self, near: Floats, estimate: Spectrum) -> tuple[Floats, Spectrum]:
        """estimate: (BINS,), of the echo. Returns what is left without it, (BLOCK,), and its spectrum.

        On the way a rotating share of the partitions is cut to BLOCK taps, and the path's own change adds to their
        variance: one call for all transforms costs less than one for each.
        """
        some, stays = self._turns[self._turn]
        self._turn = (self._turn + 1) % len(self._turns)
        paths = np.concatenate([estimate[None], self._weights[some].reshape(-1, BINS)])
        taps = np.fft.irfft(paths).astype(np.float32, copy=False)
        left = near - taps[0, BLOCK:]
        taps[0, :BLOCK] = 0
        taps[0, BLOCK:] = left
        taps[1:, BLOCK:] = 0
        spectra = np.fft.rfft(taps).astype(np.complex64, copy=False)
        weights = spectra[1:].reshape(-1, BASES, BINS)
        self._weights[some] = weights
        changed = np.square(weights.real) + np.square(weights.imag) + LEAST_VARIANCE * self._prior[some]
        self._variance[some] = stays * self._variance[some] + (1 - stays) * changed
        return left, spectra[0]

    def _move(self, by: int) -> None:
        """The path is as it was before it stopped fitting, but so many samples later."""
        taps = np.fft.irfft(self._fitted)[:, :, :BLOCK].astype(np.float32).transpose(1, 0, 2).reshape(BASES, -1)
        partitions = moved(taps, by).reshape(BASES, PARTITIONS, BLOCK).transpose(1, 0, 2)
        self._weights[:] = np.fft.rfft(partitions, 2 * BLOCK)
        power = np.square(self._weights.real) + np.square(self._weights.imag)
        np.maximum(self._variance, MOVED_VARIANCE * power, out=self._variance)

    def _doubt(self) -> None:
        """Most of what was learnt is given up, and a path of any phase is as likely again."""
        power = np.square(self._weights.real) + np.square(self._weights.imag)
        np.maximum(self._variance, power + DOUBTED * self._prior.mean(), out=self._variance)
        self._weights *= KEPT

    def _hear(self, far: Floats) -> slice:
        if self._head == 0:
            self._head = self._ring - PARTITIONS
            for ring in (self._spectra, self._conjugates, self._powers):
                ring[self._head + 1 :] = ring[: PARTITIONS - 1]
        else:
            self._head -= 1
        self._window[:, :BLOCK] = self._window[:, BLOCK:]
        self._window[0, BLOCK:] = far
        self._window[1, BLOCK:] = SATURATION * np.tanh(far / SATURATION)
        spectrum = np.fft.rfft(self._window)
        self._spectra[self._head] = spectrum
        np.conjugate(spectrum, out=self._conjugates[self._head])
        np.add(np.square(spectrum.real), np.square(spectrum.imag), out=self._powers[self._head])
        return slice(self._head, self._head + PARTITIONS)

    def _track_near(self, error: Spectrum, expected: Floats) -> Floats:
        """The power of what is not echo, by bin: the error's, less the share that is expected to be left-over echo."""
        power = (error * error.conj()).real
        near = 2 * self._near_power
        power *= np.maximum(near / (expected + near + TINY), 0.1)
        power -= self._near_power
        power *= 1 - NEAR_SMOOTHING
        self._near_power += power
        return self._near_power


def _turns() -> list[tuple[npt.NDArray[np.intp], Floats]]:
    """The partitions that are constrained block by block, and how much of their variance stays until the next time."""
    half = PARTITIONS // 2
    every = np.repeat([EARLY_EVERY, LATE_EVERY], half)
    turns = []
    for turn in range(LATE_EVERY):
        some = np.flatnonzero(np.arange(PARTITIONS) % every == turn % every)
        stays = FORGETTING ** (2 * every[some])
        turns.append((some, stays.astype(np.float32)[:, None, None]))
    return turns

"""Would WebRTC's echo canceller clean the words for the ears? AEC3, in two packages, beside our linear residual.

python -m tests.benchmarks.bench_cancellers [--trials 24]

Made-up rooms (made_rooms.py) with eSpeak NG as both talkers, 6, 0 and -6 dB of speech to echo in turns. The person cuts
in two seconds after the event. Twice: the assistant talks on over the whole utterance; and as it runs, ducked by 20 dB
after 80 ms and silent after 200 ms. Measured against the person's voice alone as the mic heard it, through the best
fixed filter of 16 ms, so that neither delay nor a high-pass counts as harm. The two packages are no part of Interject;
where they are missing they are left out. To measure them too, from an environment of their own:

    python -m venv --system-site-packages /tmp/aec && /tmp/aec/bin/pip install livekit pywebrtc-audio

What was found, 28 November 2026, 24 rooms, medians in dB; the AECs were told the true delay:

                            less echo   voice, first 200 ms     voice, whole: as it runs   talks on  and clipping
                                         SI-SDR      kept        SI-SDR    distance         SI-SDR     SI-SDR
    microphone                  0         5.6         0            9.7       2.2             -0.2       -0.8
    linear residual            20        17.7         0           21.8       1.1             14.7        8.9
    livekit 1.2.1              33         3.0        -6.6         10.6      11.4              5.2        3.4
    pywebrtc-audio 0.2.0       29         4.2        -5.6         11.3      10.8              5.5        4.1
    ours, then AEC3            26        10.7        -1.0         16.6       6.0             11.0        7.8

AEC3 leaves less echo while nobody speaks, and takes the beginning of whoever does: its residual suppressor cannot tell
them apart. Behind our filter it does less harm and still only harm. What would be won, the ears do not need: they are
given sound from 400 ms before the onset on, and 200 ms after it the loudspeaker is silent. So the ears get the linear
residual, and no package is added.

    livekit          Apache-2.0, wheel 11.9 MB (31 MB on disk), 6 November 2026, a release every other week; Linux,
                     macOS, Windows, ARM; any Python 3. Frames of 10 ms through ctypes, which lets the GIL go
    pywebrtc-audio   Apache-2.0, wheel .4 MB (1 MB), 3 September 2026, three releases in all; no Windows on ARM; a wheel
                     per Python, 3.10 to 3.14. Any length a call; ten seconds in one kept no other thread waiting
    processor        6-8 ms a second of audio each, as the shipped front end's 7

No real recogniser's weights were at hand, so words were not counted: this is how much of the voice reaches them.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from assistant.audio.front_end import RATE, FrontEnd
from assistant.settings.sections import Settings
from tests.made_rooms import Made, make

Floats = npt.NDArray[np.float32]

FRAME = RATE // 100
FAULTS = ("none", "clipping", "moved", "cold start")
RATIOS_DB = (6.0, 0.0, -6.0)
DUCK_S, STOP_S = 0.08, 0.2
FIRST_S = 0.2
LONGEST_LAG = RATE // 50
TAPS = 256
WINDOW = 512


class Canceller(Protocol):
    def __call__(self, mic: Floats, far: Floats, delay_s: float, /) -> Floats: ...


def nothing(mic: Floats, far: Floats, delay_s: float) -> Floats:
    return mic


def ours(mic: Floats, far: Floats, delay_s: float) -> Floats:
    """What the ears get today."""
    return np.concatenate([frame.audio for frame in FrontEnd(RATE, Settings()).push(mic, far)])


def livekit(mic: Floats, far: Floats, delay_s: float) -> Floats:
    from livekit import rtc

    processing = rtc.AudioProcessingModule(echo_cancellation=True)
    out = np.zeros(len(mic) // FRAME * FRAME, np.int16)
    for at in range(0, len(out), FRAME):
        played, heard = (_pcm(sound[at : at + FRAME]) for sound in (far, mic))
        processing.process_reverse_stream(rtc.AudioFrame(played.tobytes(), RATE, 1, FRAME))
        frame = rtc.AudioFrame(bytearray(heard.tobytes()), RATE, 1, FRAME)
        processing.set_stream_delay_ms(round(delay_s * 1000))
        processing.process_stream(frame)
        out[at : at + FRAME] = np.frombuffer(frame.data, np.int16)
    return out.astype(np.float32) / 32768


def pywebrtc(mic: Floats, far: Floats, delay_s: float) -> Floats:
    import pywebrtc_audio

    canceller = pywebrtc_audio.EchoCanceller(RATE, stream_delay_ms=round(delay_s * 1000))
    whole = len(mic) // FRAME * FRAME
    parts = [
        canceller.process(mic[at : at + FRAME], far[at : at + FRAME]) for at in range(0, whole, FRAME)
    ]
    return np.concatenate(parts).astype(np.float32)


def ours_then_pywebrtc(mic: Floats, far: Floats, delay_s: float) -> Floats:
    residual = ours(mic, far, delay_s)
    return pywebrtc(residual, far[: len(residual)], delay_s)


CANCELLERS: dict[str, tuple[Canceller, str]] = {
    "microphone as it is": (nothing, ""),
    "linear residual (ours)": (ours, ""),
    "AEC3, livekit": (livekit, "livekit"),
    "AEC3, pywebrtc-audio": (pywebrtc, "pywebrtc-audio"),
    "ours, then AEC3": (ours_then_pywebrtc, "pywebrtc-audio"),
}


@dataclass(frozen=True)
class Figures:
    """reduction_db: of what is echo alone, before the person speaks. sdr_db: scale-invariant, of the person's voice in
    its first 200 ms and whole; kept_db: the voice's own gain there; distance_db: log-spectral, over the whole."""

    reduction_db: float
    first_sdr_db: float
    first_kept_db: float
    sdr_db: float
    kept_db: float
    distance_db: float


def judged(made: Made, mic: Floats, out: Floats) -> Figures:
    """Against the person's voice alone, as the mic heard it."""
    assert made.onset_s is not None and made.offset_s is not None
    onset, offset = int(made.onset_s * RATE), int(made.offset_s * RATE)
    out = _aligned(out, made.near, onset, offset)
    before = slice(onset - RATE, onset)
    reduction_db = _gain_db(mic[before], out[before])
    first, whole = slice(onset, onset + int(FIRST_S * RATE)), slice(onset, offset)
    voice = np.zeros_like(made.near)
    voice[whole] = _filtered(out[whole], made.near[whole])
    (first_sdr, first_scale), (sdr, _) = (_sdr(out[part], voice[part]) for part in (first, whole))
    kept_db, first_kept_db = (_gain_db(voice[part], made.near[part]) for part in (whole, first))
    distance_db = _distance_db(out[whole], made.near[whole])
    return Figures(reduction_db, first_sdr, first_kept_db + first_scale, sdr, kept_db, distance_db)


def as_it_runs(made: Made) -> Made:
    """The same, but ducked and stopped as the application would."""
    assert made.onset_s is not None
    gain = np.ones(len(made.far), np.float32)
    onset = int(made.onset_s * RATE)
    gain[onset + int(DUCK_S * RATE) :] = 0.1
    gain[onset + int(STOP_S * RATE) :] = 0
    delay = round(made.delay_s * RATE)
    at_mic = np.concatenate([np.ones(delay, np.float32), gain])[: len(gain)]
    changes: dict[str, Any] = {"far": made.far * gain, "echo": made.echo * at_mic}
    changes["mic"] = made.mic - made.echo + changes["echo"]
    return Made(**{name: changes.get(name, getattr(made, name)) for name in Made.__slots__})


def _aligned(out: Floats, near: Floats, onset: int, offset: int) -> Floats:
    """Moved back by the canceller's own latency, found on the voice: at most 20 ms, and by half the filter less."""
    stop = min(offset, len(out) - LONGEST_LAG)
    scores = [float(out[onset + lag : stop + lag] @ near[onset:stop]) for lag in range(LONGEST_LAG)]
    lag = max(0, int(np.argmax(scores)) - TAPS // 8)
    return np.pad(out[lag:], (0, len(near) - len(out) + lag))


def _filtered(out: Floats, clean: Floats) -> Floats:
    """The part of `out` that is the voice, through the best fixed filter of TAPS: neither delay nor a high-pass is held
    against a canceller, as in BSS Eval (Vincent, Gribonval and Févotte, 2006)."""
    size = 1 << (len(clean) + TAPS).bit_length()
    spectrum = np.fft.rfft(clean, size)
    own = np.fft.irfft(np.square(np.abs(spectrum)))[:TAPS]
    cross = np.fft.irfft(np.conj(spectrum) * np.fft.rfft(out, size))[:TAPS]
    lags = np.abs(np.subtract.outer(np.arange(TAPS), np.arange(TAPS)))
    taps = np.linalg.solve(own[lags] + 1e-6 * own[0] * np.eye(TAPS), cross)
    return np.fft.irfft(spectrum * np.fft.rfft(taps, size))[: len(clean)].astype(np.float32)


def _sdr(out: Floats, clean: Floats) -> tuple[float, float]:
    """(scale-invariant SDR, gain of the clean part), dB. Le Roux et al., "SDR – half-baked or well done?" (2019)."""
    scale = float(out @ clean) / (float(clean @ clean) + 1e-12)
    wanted = scale * clean
    return _gain_db(wanted, out - wanted), float(20 * np.log10(max(scale, 1e-3)))


def _distance_db(out: Floats, clean: Floats) -> float:
    """Log-spectral, where the voice is within 40 dB of its loudest."""
    spectra = []
    for sound in (out, clean):
        frames = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[:: WINDOW // 2] * np.hanning(WINDOW)
        spectra.append(10 * np.log10(np.square(np.abs(np.fft.rfft(frames))) + 1e-9))
    counts = spectra[1] > spectra[1].max() - 40
    difference = np.where(counts, spectra[0] - spectra[1], 0.0)
    return float(np.sqrt(np.square(difference).sum() / counts.sum()))


def _gain_db(louder: Floats, softer: Floats) -> float:
    powers = [float(np.mean(np.square(sound))) + 1e-12 for sound in (louder, softer)]
    return 10 * float(np.log10(powers[0] / powers[1]))


def _pcm(sound: Floats) -> npt.NDArray[np.int16]:
    return (np.clip(sound, -1, 1) * 32767).astype(np.int16)


def cost_ms(canceller: Canceller, made: Made) -> float:
    """Processor, of a second of audio, in all of the package's threads."""
    canceller(made.mic[:RATE], made.far[:RATE], made.delay_s)
    began = time.process_time()
    canceller(made.mic, made.far, made.delay_s)
    return (time.process_time() - began) * 1000 / (len(made.mic) / RATE)


def longest_gap_ms(work: Callable[[], object]) -> tuple[float, float]:
    """How long another thread of Python was kept from running: p99 and the longest."""
    gaps: list[float] = []
    done = threading.Event()

    def tick() -> None:
        last = time.perf_counter()
        while not done.is_set():
            time.sleep(0.0005)
            now = time.perf_counter()
            gaps.append(1000 * (now - last))
            last = now

    thread = threading.Thread(target=tick)
    thread.start()
    work()
    done.set()
    thread.join()
    return float(np.percentile(gaps, 99)), max(gaps)


def installed(package: str) -> str:
    """Its version and its size on disk; empty where it is not installed."""
    try:
        found = importlib.metadata.distribution(package)
    except importlib.metadata.PackageNotFoundError:
        return ""
    size = sum(path.stat().st_size for file in found.files or () if (path := found.locate_file(file)).exists())  # type: ignore[attr-defined]
    return f"{found.version}, {size / 1e6:.1f} MB on disk"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=24)
    arguments = parser.parse_args()
    sys.setswitchinterval(0.0005)
    present = {}
    for name, (canceller, package) in CANCELLERS.items():
        if package and not installed(package):
            print(f"{name}: {package} is not installed (see --help for how), so it is left out.")
        else:
            present[name] = canceller
    head = (
        f"{'':26}{'echo':>7}{'first 200 ms':>17}{'whole utterance':>27}\n"
        f"{'':26}{'less by':>7}{'SI-SDR':>9}{'kept':>8}{'SI-SDR':>9}{'kept':>8}{'distance':>10}   (dB, medians)"
    )
    for title, change in (("The assistant talks on", lambda made: made), ("As it runs", as_it_runs)):
        for fault in FAULTS:
            print(f"\n{title}: {fault}, {arguments.trials} rooms\n{head}")
            rooms = [change(make(fault, n, 2.0, RATIOS_DB[n % 3])) for n in range(arguments.trials)]
            for name, canceller in present.items():
                found = [judged(made, made.mic, canceller(made.mic, made.far, made.delay_s)) for made in rooms]
                middle = {what: np.median([getattr(each, what) for each in found]) for what in Figures.__annotations__}
                print(
                    f"{name:26}{middle['reduction_db']:>7.1f}{middle['first_sdr_db']:>9.1f}"
                    f"{middle['first_kept_db']:>8.1f}{middle['sdr_db']:>9.1f}{middle['kept_db']:>8.1f}"
                    f"{middle['distance_db']:>10.1f}"
                )
    costs(present)


def costs(present: dict[str, Canceller]) -> None:
    """Prints what a second of audio takes, and how long it keeps others from running."""
    made = make("none", 0, 2.0, 0.0)
    print(f"\n{'':26}{'processor':>10}{'another thread waited, ms':>28}")
    print(f"{'':26}{'ms/s':>10}{'p99':>14}{'longest':>14}")
    print(f"{'idle':26}{'':>10}{_gaps(longest_gap_ms(lambda: time.sleep(2)))}")
    for name, canceller in present.items():
        gaps = longest_gap_ms(partial(canceller, made.mic, made.far, made.delay_s))
        package = CANCELLERS[name][1]
        print(f"{name:26}{cost_ms(canceller, made):>10.1f}{_gaps(gaps)}   {installed(package) if package else ''}")


def _gaps(gaps: tuple[float, float]) -> str:
    return f"{gaps[0]:>14.1f}{gaps[1]:>14.1f}"


if __name__ == "__main__":
    main()

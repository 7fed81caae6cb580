"""The model card: what the network is, what it was made of, and how good it was on clips it never saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assistant.lab.train.clips import RATE, Clip, Recordings
from assistant.lab.train.judge import Judged, Judgement
from assistant.lab.train.network import DENSE, FRAMES, UNITS
from assistant.signal.bands import BANDS
from assistant.speech.head_features import VIEWS

MOST_NAMED = 20
"""Folders whose names begin alike, up to the first underscore, are counted if there are more of them."""


def card(judged: Judged, own: Recordings, more: Recordings, synthetic: int, hours: float, notes: str) -> str:
    """Markdown. judged: out of fold, on mixes of `own`. synthetic: talkers of ours. notes: Markdown on sources."""
    lines = [
        "# Model card: Interject's detector",
        "",
        "Tells, every 16 ms, how likely it is that the user speaks: on headphones, and on loudspeakers through",
        "Interject's own voice. A network on the memory of Silero's voice activity detector and on the bands of",
        "microphone, loudspeaker and echo.",
        "",
        "- Input: Silero's LSTM output (128) and log-odds, on what the echo canceller left with the expected echo",
        f"  turned down; {VIEWS} views of {BANDS} mel bands.",
        f"  Dense {DENSE}, causal convolution over {FRAMES} frames, GRU {UNITS}, one logit. Its log-odds add up.",
        f"- Made of {_speech(own)}, {synthetic} talkers of eSpeak NG, and {_noise(own)};",
        *([f"  besides, to learn from only, {_speech(more)}, and {_noise(more)};"] if more.phrases else []),
        f"  mixed into {hours:.1f} hours at other speeds and with other formants, half on headphones, half with a",
        "  made-up loudspeaker and room (saturation, reverberation, delay of 10-200 ms, clock drift, moved paths, lost",
        "  sound, ducks).",
        "- Not meant for: telling who speaks, single talkers on a radio, other rates or frame lengths, surveillance.",
        "- Weak at: voices far higher than an adult's, voices 10 dB and more under our own, a new room.",
        "",
    ]
    lines += [
        "## On clips it never saw",
        "",
        "Out of fold: no talker and no noise of the judged mixes was in the training of the network judged, and all",
        "judged talkers are recorded ones.",
        "A leaky cumulative sum against a threshold; delays from the frame that holds the onset.",
        "",
    ]
    for title, rows in (("Headphones", judged.headphones), ("Loudspeakers", judged.loudspeakers)):
        lines += [f"### {title}", "", *_table(rows), ""]
    lines += ["## Sound by folder", "", *_folders("Speech", own.speech), "", *_folders("Noise", own.noise), ""]
    if more.phrases:
        lines += [*_folders("More speech", more.speech), "", *_folders("More noise", more.noise), ""]
    return "\n".join([*lines, notes])


def _speech(recordings: Recordings) -> str:
    talkers = {phrase.clip.folder for phrase in recordings.phrases}
    minutes = sum(len(phrase.sound) for phrase in recordings.phrases) / RATE / 60
    return f"{len(recordings.phrases)} phrases by {len(talkers)} talkers ({minutes:.0f} minutes)"


def _noise(recordings: Recordings) -> str:
    minutes = sum(len(clip.sound) for clip in recordings.noise) / RATE / 60
    return f"{len(recordings.noise)} recordings of noise ({minutes:.0f} minutes)"


def _table(judged: Sequence[Judgement]) -> list[str]:
    head = [
        "| threshold | voices noticed | p50 ms | p95 ms | fooled an hour by sounds without a voice |",
        "|---|---|---|---|---|",
    ]
    return head + [
        f"| {each.threshold:g} | {100 * each.noticed:.1f} % | {each.delay_p50_ms:.0f} | {each.delay_p95_ms:.0f} "
        f"| {each.fooled_per_hour:.1f} |"
        for each in judged
    ]


def _folders(title: str, clips: Sequence[Clip]) -> list[str]:
    counts = Counter(clip.folder for clip in clips)
    families: dict[str, list[str]] = {}
    for name in sorted(counts):
        families.setdefault(name.split("_")[0], []).append(name)
    told = []
    for family, names in families.items():
        if len(names) > MOST_NAMED:
            told.append(f"{len(names)} folders {family}_… ({sum(counts[name] for name in names)})")
        else:
            told += [f"{name} ({counts[name]})" for name in names]
    return [f"{title}: " + ", ".join(told) + "."]

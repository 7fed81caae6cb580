"""What `barge_in.softer_db` costs the person, and how often it is others who stop it, on recorded voices.

python -m tests.benchmarks.bench_usual_voice --scenarios DIR [--seeds 1 2 3] [--jobs N]

Voices over headphones, the set interrupt of `bench barge-in`. First each is the person, who usually speaks as loud as
in this clip, but for a normal deviation of 3 dB. Then the person usually speaks so much louder than the voice in the
clip, which is somebody else's. Delays in ms of audio from the onset.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.lab.score.outcome import decided, outcome
from assistant.lab.score.spread import spread
from assistant.lab.score.truth import Trial, read_trials, seed_folders
from assistant.lab.sweep.open_loop import Frames, decide, frames_of
from assistant.settings.access import change
from assistant.settings.sections import FRAME_MS, Settings
from assistant.speech.detectors import chosen_detector
from assistant.turns.facts import RATE, SILENCE_DBFS
from assistant.turns.speech_gate import SpeechGate
from assistant.turns.usual_voice import UsualVoice

SOFTER_DB = (6, 7, 8, 10, 12)
LOUDER_DB = (6, 10, 12, 14)
DEVIATION_DB = 3.0


@dataclass(frozen=True)
class Voice:
    """One trial, and how loud its voice is on the whole, as a turn of it would be learnt."""

    trial: Trial
    frames: Frames
    dbfs: float


def heard(trial: Trial) -> Voice:
    """Raises BadSound."""
    settings = Settings()
    frames = frames_of(trial.scenario, settings, chosen_detector(settings.vad))
    gate, voice = SpeechGate(settings), UsualVoice()
    voice.begin_turn()
    for facts in frames:
        onset_s, offset_s = trial.truth.onset_s or 0.0, trial.truth.offset_s or 0.0
        within = onset_s <= facts.end_sample / RATE <= offset_s + FRAME_MS / 1000
        voice.add(facts.near_dbfs, gate.judge(facts) == "speech" and within, 0)
    voice.end_turn()
    voice.answered()
    return Voice(trial, frames, voice.dbfs)


def told(voices: Sequence[Voice], softer_db: float, usual_dbfs: Sequence[float]) -> str:
    """Hits in percent, and the stops' p50 / p95."""
    settings = change(Settings(), {"barge_in.softer_db": softer_db})
    outcomes = []
    for voice, usual in zip(voices, usual_dbfs, strict=True):
        replayed = decide(voice.trial.scenario, voice.frames, settings, usual)
        outcomes.append(outcome(decided(voice.trial.truth, replayed.events())))
    stops_ms = [1000 * each.stop_s for each in outcomes if each.stop_s is not None]
    hits = 100 * np.mean([each.kind == "hit" for each in outcomes])
    delays = " / ".join(f"{np.percentile(stops_ms, q):.0f}" for q in (50, 95)) if stops_ms else "–"
    return f"{hits:5.1f} %  {delays:>10}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenarios", type=Path, nargs="+", required=True, metavar="DIR")
    parser.add_argument("--seeds", type=int, nargs="*", default=[])
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    folders = seed_folders(arguments.scenarios, arguments.seeds)
    trials = [trial for folder in folders for trial in read_trials(folder) if trial.truth.set == "interrupt"]
    voices = [voice for voice in spread(heard, trials, arguments.jobs) if voice.dbfs > SILENCE_DBFS]
    print(f"{len(voices)} voices: stopped, p50 / p95")
    print(f"{'not known':24}{told(voices, SOFTER_DB[0], [SILENCE_DBFS] * len(voices))}")
    deviations = DEVIATION_DB * np.random.default_rng(1).standard_normal(len(voices))
    for softer_db in SOFTER_DB:
        usual = [voice.dbfs + deviation for voice, deviation in zip(voices, deviations, strict=True)]
        print(f"{f'{softer_db} dB, the person':24}{told(voices, softer_db, usual)}")
        for louder_db in LOUDER_DB:
            usual = [voice.dbfs + louder_db for voice in voices]
            print(f"{f'  somebody {louder_db} dB softer':24}{told(voices, softer_db, usual)}")


if __name__ == "__main__":
    main()

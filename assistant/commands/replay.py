"""`replay`: decide recordings again, in audio time, many times faster than they lasted."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from assistant.commands.chosen import add_settings_flags, chosen, refuse
from assistant.lab.replay import Replayed, replay
from assistant.lab.scenario import Scenario, find_scenarios
from assistant.lab.sound_file import BadSound
from assistant.lab.timeline import timeline
from assistant.settings.access import SettingRefused
from assistant.settings.presets import PresetRefused
from assistant.settings.sections import Settings
from assistant.speech.silero import VadMissing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("places", nargs="+", type=Path, metavar="SCENARIOS|WAV", help="folders of scenarios, or sound")
    parser.add_argument("--far", type=Path, metavar="WAV", help="what the loudspeaker played in a single sound file")
    parser.add_argument("--events", type=Path, metavar="OUT.jsonl", help="write one JSON line a scenario")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="so many processes at once (default 1)")
    add_settings_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """The person's own settings file does not count: the same command gives the same figures everywhere."""
    try:
        settings = chosen(arguments, with_file=False).settings
        scenarios = find_scenarios(arguments.places, arguments.far)
        out = arguments.events.open("w", encoding="utf-8") if arguments.events else nullcontext(None)
        with out as events:
            count = cpu_s = audio_s = 0.0
            for result in _replayed(scenarios, settings, max(1, arguments.jobs)):
                count, cpu_s, audio_s = count + 1, cpu_s + result.cpu_s, audio_s + result.audio_s
                if events is not None:
                    events.write(json.dumps(result.line()) + "\n")
                else:
                    print("\n".join(timeline(result, settings)))
    except (SettingRefused, PresetRefused) as error:
        return refuse(error)
    except (BadSound, VadMissing, OSError) as error:
        print(f"interject: {error}", file=sys.stderr)
        return 1
    speed = audio_s / cpu_s if cpu_s else 0
    print(f"{count:.0f} replayed: {audio_s / 60:.1f} minutes in {cpu_s:.1f} s of processor, {speed:.0f} × real time")
    return 0


def _replayed(scenarios: list[Scenario], settings: Settings, jobs: int) -> Iterator[Replayed]:
    one = partial(replay, settings=settings)
    if jobs == 1:
        yield from map(one, scenarios)
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(one, scenarios, chunksize=4)

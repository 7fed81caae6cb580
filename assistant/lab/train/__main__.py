"""`python -m assistant.lab.train`: folders of sound in; the detector's ONNX file and its model card out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.lab.sound_file import BadSound
from assistant.lab.train.card import card
from assistant.lab.train.clips import Clip, Recordings, find_recordings, in_every_fold, phrases
from assistant.lab.train.examples import Examples, gathered, load_or_make
from assistant.lab.train.export import export
from assistant.lab.train.fit import fit, logits_of
from assistant.lab.train.judge import THRESHOLDS, Judged, judge
from assistant.lab.train.mixes import SECONDS, MixMaker, Variety
from assistant.lab.train.processes import forked
from assistant.lab.train.synthetic import synthetic_clips
from assistant.settings.sections import Settings
from assistant.speech.head import SILERO_MOST, SILERO_SHARE, SILERO_SHARE_OVER_ECHO, STATE

Floats = npt.NDArray[np.float32]

HARD_EPOCHS = 6
RESTLESS = Variety(restlessness=0.9)
"""A laptop that is moved and a volume that is turned are where a canceller fails."""
HARD = Variety(restlessness=0.9, losses=0.25, noise_speeds=(0.65, 1.5), inner_onsets=0.4)
"""And where sound is lost, it begins anew. A child sneezes higher than an adult, and few recordings of either noises or
beginnings of speech stand for all of them."""
OFTENER = 10
"""Noises that come from a throat fool a detector of voices: at the end they are drawn so many times more often."""
VOICE_LIKE_HELP = "kinds of noise heard more often in the hard mixes (default: sneeze baby_cry)"


def main(argv: list[str] | None = None) -> int:
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.more_noise and not arguments.more_speech:
        parser.error("--more-noise is heard with the speakers of --more-speech: give that folder, too")
    dealt = arguments.folds, arguments.fold_seed
    try:
        judged = find_recordings(arguments.speech, arguments.noise, *dealt)
        more = find_recordings(arguments.more_speech, arguments.more_noise, *dealt)
    except BadSound as error:
        _tell(f"interject: {error}")
        return 1
    arguments.out.mkdir(parents=True, exist_ok=True)
    parts = _parts(judged, more, arguments)
    part = np.repeat([each.name for each in parts], [each.count for each in parts])
    examples = gathered(_mixes(parts, arguments), len(part))
    learning = _Learning(examples, int((part != "hard").sum()), arguments)
    made = list(forked(learning.without, [*range(arguments.folds), None], arguments.jobs))
    logits = np.zeros_like(examples.is_voice)
    for fold, told in enumerate(made[:-1]):
        logits[examples.fold == fold] = told
    of_judged = np.isin(part, ["plain", "hard"])
    hours = len(part) * SECONDS / 3600
    notes = arguments.notes.read_text(encoding="utf-8") if arguments.notes else ""
    silero = examples.inputs[of_judged, :, STATE].astype(np.float32)
    found = _judged(examples.is_voice[of_judged], logits[of_judged], silero)
    text = card(found, judged, more, arguments.talkers, hours, notes)
    (arguments.out / "model-card.md").write_text(text, encoding="utf-8")
    _tell(f"written: {arguments.out / 'detector.onnx'} and model-card.md")
    return 0


@dataclass(frozen=True)
class _Part:
    name: str
    maker: MixMaker
    count: int


def _parts(judged: Recordings, more: Recordings, arguments: argparse.Namespace) -> list[_Part]:
    """In the order in which they stand in the training: hard situations last, which are of the judged clips again."""
    talkers = phrases(synthetic_clips(arguments.talkers, arguments.folds, arguments.seed))
    noise, seed = judged.noise, arguments.seed

    def with_voice_like(clips: list[Clip]) -> list[Clip]:
        return clips + OFTENER * [clip for clip in clips if clip.folder in arguments.voice_like]

    parts = [_Part("plain", MixMaker(judged.phrases, noise, seed), arguments.mixes)]
    if talkers:
        parts.append(_Part("synthetic", MixMaker(talkers, noise, seed + 2, RESTLESS), arguments.synthetic_mixes))
    if more.phrases:
        heard_by_all = in_every_fold(more, arguments.folds)
        maker = MixMaker(heard_by_all.phrases, with_voice_like(noise + heard_by_all.noise), seed + 3, HARD)
        parts.append(_Part("more", maker, arguments.more_mixes))
    parts.append(_Part("hard", MixMaker(judged.phrases, with_voice_like(noise), seed + 1, HARD), arguments.hard_mixes))
    return [part for part in parts if part.count]


def _mixes(parts: list[_Part], arguments: argparse.Namespace) -> Iterator[Examples]:
    for part in parts:
        work = arguments.work and arguments.work / part.name
        yield from load_or_make(part.maker, part.count, Settings(), work, _tell, arguments.jobs)


@dataclass(frozen=True)
class _Learning:
    """hard_from: the first of the hard mixes, which are kept for the end."""

    examples: Examples
    hard_from: int
    arguments: argparse.Namespace

    def without(self, fold: int | None) -> Floats | None:
        """Trains without a fold, writes the network down, and returns its log-odds of that fold; None is without none.

        First on all but the hard mixes, then for a short while on all.
        """
        name = "all folds" if fold is None else f"without fold {fold}"
        fits = partial(fit, self.examples, seed=self.arguments.seed, tell=lambda line: _tell(f"{name}: {line}"))
        chosen = np.flatnonzero(self.examples.fold != (-1 if fold is None else fold))
        learnt = fits(chosen[chosen < self.hard_from].tolist(), self.arguments.epochs)
        learnt = fits(chosen.tolist(), HARD_EPOCHS, learnt=learnt)
        export(learnt, self.arguments.out / ("detector.onnx" if fold is None else f"without-fold-{fold}.onnx"))
        if fold is None:
            return None
        return logits_of(learnt, self.examples, np.flatnonzero(self.examples.fold == fold).tolist())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m assistant.lab.train", description=__doc__)
    parser.add_argument("--speech", type=Path, required=True, metavar="DIR", help="one folder for each speaker")
    parser.add_argument("--noise", type=Path, required=True, metavar="DIR", help="one folder for each kind of noise")
    parser.add_argument("--more-speech", type=Path, metavar="DIR", help="speakers to learn from, who judge nothing")
    parser.add_argument("--more-noise", type=Path, metavar="DIR", help="the same of noise, heard with those speakers")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the results go")
    parser.add_argument("--work", type=Path, metavar="DIR", help="keeps what the front end made, to train again sooner")
    parser.add_argument("--notes", type=Path, metavar="FILE", help="for the card: sources, licences, figures")
    parser.add_argument("--mixes", type=int, default=8000, metavar="N", help="situations of 10 s each (default 8000)")
    parser.add_argument("--hard-mixes", type=int, default=5400, metavar="N", help="more, for the end (default 5400)")
    parser.add_argument("--talkers", type=int, default=80, metavar="N", help="made by eSpeak NG (default 80)")
    parser.add_argument("--synthetic-mixes", type=int, default=3000, metavar="N", help="with those (default 3000)")
    parser.add_argument("--more-mixes", type=int, default=8000, metavar="N", help="of --more-speech (default 8000)")
    parser.add_argument("--voice-like", nargs="*", default=["sneeze", "baby_cry"], metavar="KIND", help=VOICE_LIKE_HELP)
    parser.add_argument("--epochs", type=int, default=10, metavar="N", help="passes over them (default 10)")
    parser.add_argument("--folds", type=int, default=4, metavar="K", help="held out by turns to judge (default 4)")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default 1)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of mixes and weights (default 1)")
    parser.add_argument("--fold-seed", type=int, default=7, metavar="N", help="deals clips into folds (default 7)")
    return parser


def _judged(is_voice: Floats, own: Floats, silero: Floats) -> Judged:
    """Of recorded talkers. Every other mix has a loudspeaker: MixMaker's order, as long as parts are of even number."""
    has_loudspeaker = np.arange(len(own)) % 2 == 1
    silero = np.clip(silero, -SILERO_MOST, SILERO_MOST)
    headphones, loudspeakers = (
        tuple(
            judge((1 - share) * own[some] + share * silero[some], is_voice[some], threshold) for threshold in THRESHOLDS
        )
        for some, share in ((~has_loudspeaker, SILERO_SHARE), (has_loudspeaker, SILERO_SHARE_OVER_ECHO))
    )
    return Judged(headphones, loudspeakers)


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())

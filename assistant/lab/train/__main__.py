"""`python -m assistant.lab.train`: folders of sound in; the detector's ONNX file and its model card out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.lab.sound_file import BadSound
from assistant.lab.train.card import card
from assistant.lab.train.clips import find_clips, phrases
from assistant.lab.train.examples import Examples, joined, load_or_make
from assistant.lab.train.export import export
from assistant.lab.train.fit import fit, logits_of
from assistant.lab.train.judge import THRESHOLDS, Judged, judge
from assistant.lab.train.mixes import SECONDS, MixMaker
from assistant.lab.train.network import DetectorNetwork
from assistant.settings.sections import Settings

Floats = npt.NDArray[np.float32]

HARD_EPOCHS = 8
RESTLESSNESS = 0.9
"""Of the rooms in the hard mixes: a laptop that is moved and a volume that is turned are where a canceller fails."""
OFTENER = 10
"""Noises that come from a throat fool a detector of voices: at the end they are drawn so many times more often."""
VOICE_LIKE_HELP = "kinds of noise heard more often in the hard mixes (default: sneeze baby_cry)"


def main(argv: list[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        speech = find_clips(arguments.speech, arguments.folds, arguments.fold_seed, by_folder=True)
        noise = find_clips(arguments.noise, arguments.folds, arguments.fold_seed, by_folder=False)
    except BadSound as error:
        _tell(f"interject: {error}")
        return 1
    spoken = phrases(speech)
    maker = MixMaker(spoken, noise, arguments.seed)
    voice_like = [clip for clip in noise if clip.folder in arguments.voice_like]
    hard_maker = MixMaker(spoken, noise + OFTENER * voice_like, arguments.seed + 1, RESTLESSNESS)
    arguments.out.mkdir(parents=True, exist_ok=True)
    work = arguments.work
    plain = load_or_make(maker, arguments.mixes, Settings(), work and work / "plain", _tell)
    hard = load_or_make(hard_maker, arguments.hard_mixes, Settings(), work and work / "hard", _tell)
    examples = joined(plain, hard)
    logits = np.zeros_like(examples.is_voice)
    for fold in range(arguments.folds):
        _tell(f"fold {fold + 1} of {arguments.folds}")
        learnt = _train(examples, examples.fold != fold, arguments)
        held_out = np.flatnonzero(examples.fold == fold)
        logits[held_out] = logits_of(learnt, examples, held_out.tolist())
        export(learnt, arguments.out / f"without-fold-{fold}.onnx")
    _tell("all folds")
    export(_train(examples, np.ones_like(examples.fold, dtype=bool), arguments), arguments.out / "detector.onnx")
    hours = len(examples.fold) * SECONDS / 3600
    notes = arguments.notes.read_text(encoding="utf-8") if arguments.notes else ""
    text = card(_judged(examples, logits), speech, noise, spoken, hours, notes)
    (arguments.out / "model-card.md").write_text(text, encoding="utf-8")
    _tell(f"written: {arguments.out / 'detector.onnx'} and model-card.md")
    return 0


def _train(examples: Examples, chosen: npt.NDArray[np.bool_], arguments: argparse.Namespace) -> DetectorNetwork:
    """First on the plain mixes, then for a short while on all."""
    plain = chosen & (np.arange(len(chosen)) < arguments.mixes)
    learnt = fit(examples, np.flatnonzero(plain).tolist(), arguments.epochs, arguments.seed, _tell)
    return fit(examples, np.flatnonzero(chosen).tolist(), HARD_EPOCHS, arguments.seed, _tell, learnt)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m assistant.lab.train", description=__doc__)
    parser.add_argument("--speech", type=Path, required=True, metavar="DIR", help="one folder for each speaker")
    parser.add_argument("--noise", type=Path, required=True, metavar="DIR", help="one folder for each kind of noise")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the results go")
    parser.add_argument("--work", type=Path, metavar="DIR", help="keeps what the front end made, to train again sooner")
    parser.add_argument("--notes", type=Path, metavar="FILE", help="for the card: sources, licences, figures")
    parser.add_argument("--mixes", type=int, default=3400, metavar="N", help="situations of 10 s each (default 3400)")
    parser.add_argument("--hard-mixes", type=int, default=900, metavar="N", help="more, for the end (default 900)")
    parser.add_argument("--voice-like", nargs="*", default=["sneeze", "baby_cry"], metavar="KIND", help=VOICE_LIKE_HELP)
    parser.add_argument("--epochs", type=int, default=30, metavar="N", help="passes over them (default 30)")
    parser.add_argument("--folds", type=int, default=4, metavar="K", help="held out by turns to judge (default 4)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of mixes and weights (default 1)")
    parser.add_argument("--fold-seed", type=int, default=7, metavar="N", help="deals clips into folds (default 7)")
    return parser


def _judged(examples: Examples, logits: Floats) -> Judged:
    """Every other mix has a loudspeaker: MixMaker's order."""
    has_loudspeaker = np.arange(len(logits)) % 2 == 1
    headphones, loudspeakers = (
        tuple(judge(logits[some], examples.is_voice[some], threshold) for threshold in THRESHOLDS)
        for some in (~has_loudspeaker, has_loudspeaker)
    )
    return Judged(headphones, loudspeakers)


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())

"""A real Whisper of a few hundred kilobytes that always hears the words it was made with.

Its blocks add nothing but one: the decoder's first feed-forward block turns each token into a vote for the one that
follows it in the sentence, whatever stands before and whatever the sound is. What a token is and what it votes for lie
in different halves of the state, so that one outside the sentence votes for nothing: were it to vote for itself, a
search over a model that is not sure would end in a stutter of it, and in which one would depend on the processor.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

WIDTH, HEADS, INNER = 64, 2, 64
HALF = WIDTH // 2
Floats = npt.NDArray[np.float32]


def make_whisper(
    folder: Path, words: str, *, language: str = "", sure: float = 1.0, no_speech: bool = False
) -> Path:
    """Write a model in CTranslate2's format into `folder`. Returns the folder.

    words: what it hears, distinct ones; "" for none; "..." at the end begins them again for ever. language: what a
    multilingual model takes the speech for; "" makes an English-only one. sure: 1 is certain of each word, 0 knows
    nothing. no_speech: whether it takes the sound for none.
    """
    with _without_torch():
        from ctranslate2.specs import whisper_spec

    rng = np.random.default_rng(0)
    endless = words.endswith("...")
    said = [f"Ġ{word}" for word in words.removesuffix("...").split()]
    vocabulary = _vocabulary(said, multilingual=bool(language))
    ids = {token: at for at, token in enumerate(vocabulary)}
    start, end = ids["<|startoftranscript|>"], ids["<|endoftext|>"]
    chain = ["<|notimestamps|>", *said, said[0] if endless else "<|endoftext|>"]
    follows = [(ids[token], ids[following]) for token, following in itertools.pairwise(chain)]
    if no_speech:
        follows.append((start, ids["<|nocaptions|>"]))
    elif language:
        follows.append((start, ids[f"<|{language}|>"]))

    tokens, votes = _zeros(len(vocabulary), WIDTH), _zeros(len(vocabulary), WIDTH)
    tokens[:, :HALF] = rng.standard_normal((len(vocabulary), HALF))
    tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
    for at, token in enumerate(dict.fromkeys(itertools.chain(*follows))):
        tokens[token], votes[token] = _one(at), _one(HALF + at)
    spec = whisper_spec.WhisperSpec(1, HEADS, 1, HEADS)
    encoder, decoder = spec.encoder, spec.decoder
    encoder.conv1.weight, encoder.conv1.bias = _random(rng, WIDTH, 80, 3), _zeros(WIDTH)
    encoder.conv2.weight, encoder.conv2.bias = _random(rng, WIDTH, WIDTH, 3), _zeros(WIDTH)
    encoder.position_encodings.encodings = _random(rng, 1500, WIDTH)
    _norm(encoder.layer_norm)
    _attention(rng, encoder.layer[0].self_attention)
    _feed_forward(encoder.layer[0].ffn, _zeros(INNER, WIDTH), _zeros(INNER), _zeros(WIDTH, INNER))
    decoder.embeddings.weight, decoder.projection.weight = tokens, votes
    decoder.position_encodings.encodings = _zeros(448, WIDTH)
    _norm(decoder.layer_norm, scale=4 * sure)
    _attention(rng, decoder.layer[0].self_attention)
    _attention(rng, decoder.layer[0].attention, cross=True)
    # One inner unit for each pair: on where the token is that one, and then a vote for the next.
    seen, vote, threshold = _zeros(INNER, WIDTH), _zeros(WIDTH, INNER), _zeros(INNER)
    for unit, (token, following) in enumerate(follows):
        seen[unit], threshold[unit] = 4 * tokens[token], -4 * 0.7 * np.sqrt(WIDTH)
        vote[:, unit] = votes[following]
    _feed_forward(decoder.layer[0].ffn, seen, threshold, vote)

    spec.register_vocabulary(vocabulary)
    spec.config.suppress_ids, spec.config.suppress_ids_begin = [], [end] if said else []
    spec.config.lang_ids = [ids[f"<|{code}|>"] for code in ("en", "de", "fr")] if language else []
    spec.config.alignment_heads = [[0, 0]]
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    return folder


@contextmanager
def _without_torch() -> Iterator[None]:
    """CTranslate2's specs import torch where it is installed, which takes seconds; nothing here needs it."""
    missing = "torch" not in sys.modules
    if missing:
        sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if missing:
            del sys.modules["torch"]


def _vocabulary(said: Sequence[str], *, multilingual: bool) -> list[str]:
    """In Whisper's order: text, the special tokens, 1501 timestamps."""
    alphabet = [chr(at) for at in (*range(33, 127), *range(161, 173), *range(174, 256), *range(256, 324))]
    special = [
        *("<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|de|>", "<|fr|>", "<|translate|>", "<|transcribe|>"),
        *("<|startoflm|>", "<|startofprev|>", "<|nocaptions|>", "<|notimestamps|>"),
    ]
    stamps = [f"<|{at * 0.02:.2f}|>" for at in range(1501)]
    text = alphabet + sorted(set(said))
    # Multilingual vocabularies end their text with an empty token; CTranslate2 knows them by it.
    return [*text, *([""] if multilingual else []), *special, *stamps]


def _random(rng: np.random.Generator, *shape: int) -> Floats:
    return (0.1 * rng.standard_normal(shape)).astype(np.float32)


def _one(at: int) -> Floats:
    """A unit vector along one axis. Raises IndexError where a sentence has more tokens than the state has room for."""
    unit = _zeros(WIDTH)
    unit[at] = 1
    return unit


def _zeros(*shape: int) -> Floats:
    return np.zeros(shape, np.float32)


def _norm(spec: Any, scale: float = 1.0) -> None:
    spec.gamma, spec.beta = np.full(WIDTH, scale, np.float32), _zeros(WIDTH)


def _attention(rng: np.random.Generator, spec: Any, *, cross: bool = False) -> None:
    """Attends, and then adds nothing."""
    _norm(spec.layer_norm)
    sizes = (WIDTH, 2 * WIDTH, WIDTH) if cross else (3 * WIDTH, WIDTH)
    for linear, size in zip(spec.linear, sizes, strict=True):
        linear.weight, linear.bias = _random(rng, size, WIDTH), _zeros(size)
    spec.linear[-1].weight = _zeros(WIDTH, WIDTH)


def _feed_forward(spec: Any, seen: Floats, threshold: Floats, vote: Floats) -> None:
    _norm(spec.layer_norm)
    spec.linear_0.weight, spec.linear_0.bias = seen, threshold
    spec.linear_1.weight, spec.linear_1.bias = vote, _zeros(WIDTH)

"""Whisper tiny.en and base.en in int8, in their exact shapes: they hear as much of HEARD as there is sound, and MARK.

All blocks are computed. Those of the encoder add nothing to whether there is sound at a time, and to that time. In the
decoder the first feed-forward block turns each token into a vote for the word that follows it, and a stronger one for
the end, or for MARK and then the end; the next block looks whether there is sound from that word's time on, and takes
the votes for MARK and the end back.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.benchmarks.shape_words import HEARD, MARK, WHOLE_FROM, byte_symbols, merges

SIZES = {"tiny.en": (384, 4, 6), "base.en": (512, 6, 8)}
"""Width, layers, heads."""
MELS, FRAMES, POSITIONS = 80, 1500, 448
TEXT = 50_256
FRAME_S = 0.02
FIRST_WORD_S, WORD_S = 0.45, 0.26
"""After the beginning of the sound, which holds 0.4 s from before the first word."""
_HEAD = 64
_SOUND = 62  # dimension of a head, behind those for the words
_LOUD, _GAIN = 0.25, 6.0
"""Mean of a frame's mels from which on it is sound; silence lies below 0, padding at 0."""
_END_VOTE, _TAKEN_BACK = 1.5, 1.3
_NOTHING = np.float32(1e-6)
"""Not 0: equal matrices are kept in memory once, which would make the model smaller than it is."""

Floats = npt.NDArray[np.float32]


def make_whisper_shape(folder: Path, size: str) -> Path:
    """Writes the model into `folder`, in CTranslate2's format, and returns the folder. size: of SIZES."""
    from ctranslate2.specs import whisper_spec

    width, layers, heads = SIZES[size]
    rng = np.random.default_rng(0)
    vocabulary = _vocabulary()
    ids = {token: at for at, token in enumerate(vocabulary)}
    words = [f"Ġ{word}" for word in HEARD.split()]
    chain = [ids[token] for token in ("<|notimestamps|>", *words, MARK, "<|endoftext|>")]
    tokens = rng.standard_normal((len(vocabulary), width)).astype(np.float32)
    tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
    tokens[chain] = np.linalg.qr(tokens[chain].T)[0].T  # at right angles: none is taken for a part of another

    spec = whisper_spec.WhisperSpec(layers, heads, layers, heads)
    encoder, decoder = spec.encoder, spec.decoder
    _convolutions(rng, encoder, width)
    encoder.position_encodings.encodings = _times(width, len(words))
    for layer in encoder.layer:
        _attention(rng, layer.self_attention, width)
        _feed_forward(rng, layer.ffn, width)
    _norm(encoder.layer_norm, width)
    decoder.embeddings.weight = decoder.projection.weight = tokens
    decoder.position_encodings.encodings = _zeros(POSITIONS, width)
    for layer in decoder.layer:
        _attention(rng, layer.self_attention, width)
        _attention(rng, layer.attention, width, cross=True)
        _feed_forward(rng, layer.ffn, width)
    _norm(decoder.layer_norm, width, scale=4)
    _follow(decoder.layer[0].ffn, tokens, chain)
    _look_for_sound(decoder.layer[1].attention, tokens, chain)

    spec.register_vocabulary(vocabulary)
    spec.config.suppress_ids, spec.config.suppress_ids_begin = [], [ids["<|endoftext|>"]]
    spec.config.lang_ids = []
    spec.config.alignment_heads = [[layer, head] for layer in range(layers // 2, layers) for head in range(heads)]
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    added = [{"id": at, "content": token, "special": True} for at, token in enumerate(vocabulary) if at >= TEXT]
    (folder / "tokenizer.json").write_text(json.dumps({"added_tokens": added}), encoding="utf-8")
    return folder


def _vocabulary() -> list[str]:
    """In the order of the English-only models: text, special tokens, timestamps; 51,864."""
    text = dict.fromkeys(byte_symbols())
    text |= dict.fromkeys(first + second for first, second in merges())
    text |= dict.fromkeys(f"Ġ{word}" for word in HEARD.split())
    filler = (f"Ġfiller{number}" for number in range(TEXT - len(text)))
    special = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", *(f"<|unused{at}|>" for at in range(98))]
    special += ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>"]
    special += ["<|nocaptions|>", "<|notimestamps|>"]
    return [*text, *filler, *special, *(f"<|{at * FRAME_S:.2f}|>" for at in range(1501))]


def _convolutions(rng: np.random.Generator, encoder: Any, width: int) -> None:
    """Channel `_SOUND` becomes how far a frame is above `_LOUD`; all others become nothing."""
    first, second = _random(rng, width, MELS, 3), _zeros(width, width, 3)
    first[0], second[_SOUND, 0] = 0, 1 / 3
    first[0, :, 1] = _GAIN / MELS
    encoder.conv1.weight, encoder.conv1.bias = first, _zeros(width)
    encoder.conv1.bias[0] = -_GAIN * _LOUD
    encoder.conv2.weight, encoder.conv2.bias = second, _zeros(width)


def _times(width: int, words: int) -> Floats:
    """For each word whether a frame is at its time or later: 1 or -1, and the opposite further on, for a mean of 0."""
    starts_s = FIRST_WORD_S + WORD_S * np.arange(words)
    later = np.where(np.arange(FRAMES)[:, None] * FRAME_S >= starts_s, 1, -1)
    times = _zeros(FRAMES, width)
    times[:, :words], times[:, width // 2 : width // 2 + words] = later, -later
    return times


def _follow(spec: Any, tokens: Floats, chain: list[int]) -> None:
    """One inner unit for each pair: on where the token is the first, and then a vote for the second and for the end."""
    width, mark, end = tokens.shape[1], tokens[chain[-2]], tokens[chain[-1]]
    inner = len(spec.linear_0.bias)
    seen, threshold, vote = _zeros(inner, width), _zeros(inner), _zeros(width, inner)
    strength = 4 * 0.3 * np.sqrt(width)  # of a unit that is on: its own token has a cosine of 1, all others under 0.3
    for unit, (token, following) in enumerate(pairwise(chain)):
        seen[unit], threshold[unit] = 4 * tokens[token], -4 * 0.7 * np.sqrt(width)
        closing = mark if WHOLE_FROM <= unit < len(chain) - 2 else end
        for_closing = 8 if following in chain[-2:] else _END_VOTE
        vote[:, unit] = (tokens[following] - 0.5 * tokens[token] + for_closing * closing) / strength
    spec.linear_0.weight, spec.linear_0.bias, spec.linear_1.weight = seen, threshold, vote


def _look_for_sound(spec: Any, tokens: Floats, chain: list[int]) -> None:
    """Head 0 asks for frames with sound at the time of the word that was voted for, or later."""
    width, closing = tokens.shape[1], tokens[chain[-2]] + tokens[chain[-1]]
    ask, give, out = _zeros(width, width), _zeros(2 * width, width), _zeros(width, width)
    bias = _zeros(width)
    for at, word in enumerate(chain[1:-2]):
        ask[at] = _HEAD**0.5 * 10 / np.sqrt(width) * tokens[word]
        give[at, at] = 1
    bias[_SOUND] = _HEAD**0.5 * 4
    give[_SOUND, _SOUND], give[width, _SOUND] = 1, 0.25
    out[:, 0] = -_TAKEN_BACK * closing
    spec.linear[0].weight, spec.linear[0].bias = ask, bias
    spec.linear[1].weight, spec.linear[2].weight = give, out


def _random(rng: np.random.Generator, *shape: int) -> Floats:
    return (rng.standard_normal(shape) / np.sqrt(np.prod(shape[1:]))).astype(np.float32)


def _zeros(*shape: int) -> Floats:
    return np.zeros(shape, np.float32)


def _norm(spec: Any, width: int, scale: float = 1.0) -> None:
    spec.gamma, spec.beta = np.full(width, scale, np.float32), _zeros(width)


def _attention(rng: np.random.Generator, spec: Any, width: int, *, cross: bool = False) -> None:
    """Attends, and then adds nothing."""
    _norm(spec.layer_norm, width)
    sizes = (width, 2 * width, width) if cross else (3 * width, width)
    for linear, size in zip(spec.linear, sizes, strict=True):
        linear.weight, linear.bias = _random(rng, size, width), _zeros(size)
    spec.linear[-1].weight *= _NOTHING


def _feed_forward(rng: np.random.Generator, spec: Any, width: int) -> None:
    _norm(spec.layer_norm, width)
    spec.linear_0.weight, spec.linear_0.bias = _random(rng, 4 * width, width), _zeros(4 * width)
    spec.linear_1.weight, spec.linear_1.bias = _NOTHING * _random(rng, width, 4 * width), _zeros(width)

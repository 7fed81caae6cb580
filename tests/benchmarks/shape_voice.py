"""A Piper voice of medium quality in its exact shape, with random weights: a noise, as long as speech would be."""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path
from typing import Any

RATE = 22_050
_SYMBOLS = 256
_LENGTH_SCALE = 2.0
"""Untrained, it takes half as long over a phoneme as trained voices do."""


def make_voice_shape(path: Path) -> Path:
    """Writes path, 63 MB, and path.json. Returns path."""
    import torch
    from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

    torch.manual_seed(0)
    network = _network()

    def infer(text: Any, lengths: Any, scales: Any) -> Any:
        sound, *_ = network.infer(
            text, lengths, noise_scale=scales[0], length_scale=scales[1], noise_scale_w=scales[2]
        )
        return sound.unsqueeze(1)

    network.forward = infer
    example = (torch.randint(0, _SYMBOLS, (1, 50)), torch.tensor([50]), torch.tensor([0.667, 1.0, 0.8]))
    batch = {0: "batch_size"}
    with torch.no_grad():
        torch.onnx.export(
            network, example, str(path), opset_version=15, dynamo=False,
            input_names=["input", "input_lengths", "scales"], output_names=["output"],
            dynamic_axes={"input": {**batch, 1: "phonemes"}, "input_lengths": batch, "output": {**batch, 2: "time"}},
        )  # fmt: skip
    written = {
        "audio": {"sample_rate": RATE, "quality": "medium"},
        "espeak": {"voice": "en-us"},
        "phoneme_type": "espeak",
        "num_symbols": _SYMBOLS,
        "num_speakers": 1,
        "inference": {"noise_scale": 0.667, "length_scale": _LENGTH_SCALE, "noise_w": 0.8},
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
        "speaker_id_map": {},
    }
    path.with_name(path.name + ".json").write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")
    return path


def _network() -> Any:
    """As piper-tts trains it. One module of that, compiled, is needed for training only and is not installed."""
    import importlib

    import piper

    alignment = types.ModuleType("piper.train.vits.monotonic_align")
    alignment.maximum_path = None  # type: ignore[attr-defined]
    sys.modules.setdefault(alignment.__name__, alignment)
    train = types.ModuleType("piper.train")  # its own __init__ imports the trainer
    train.__path__ = [str(Path(piper.__file__).parent / "train")]
    sys.modules.setdefault(train.__name__, train)
    models = importlib.import_module("piper.train.vits.models")
    network = models.SynthesizerTrn(
        n_vocab=_SYMBOLS, spec_channels=513, segment_size=32, inter_channels=192, hidden_channels=192,
        filter_channels=768, n_heads=2, n_layers=6, kernel_size=3, p_dropout=0.1, n_speakers=1, gin_channels=0,
        use_sdp=True, resblock="2", resblock_kernel_sizes=(3, 5, 7),
        resblock_dilation_sizes=((1, 2), (2, 6), (3, 12)), upsample_rates=(8, 8, 4), upsample_initial_channel=256,
        upsample_kernel_sizes=(16, 16, 8),
    )  # fmt: skip
    network.eval()
    network.dec.remove_weight_norm()
    return network

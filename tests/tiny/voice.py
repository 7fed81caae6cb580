"""A Piper voice of a few kilobytes whose words can be seen in its sound: every phoneme is a tone of its own.

Built as VITS voices are, so that everything that is done to them can be done to it: an encoder makes a frame of latents
for each 256 samples, its one Ceil tells how many frames each phoneme id lasts, and a convolutional decoder with a
transposed convolution makes the sound from the frames alone. A frame's latents are where in its tone's wave it begins,
how fast that turns, and how loud it is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

RATE = 22_050
HOP = 256
FRAMES_OF_A_SYMBOL = 6
"""Each phoneme lasts these, 70 ms, and its padding one more; beginning, end, spaces and marks are silent."""
SILENT = frozenset("_^$ .,;:!?ˈˌː")
_SYMBOLS = 256


def tone_hz(number: int) -> float:
    """The pitch of a phoneme id."""
    return float(200 * 2 ** (number % 40 / 12))


def make_voice(
    path: Path,
    *,
    tells_lengths: bool = True,
    streams: bool = True,
    speakers: int = 1,
    language: str = "en-us",
    amplitude: float = 0.25,
) -> Path:
    """Write path and path.json. Returns path.

    tells_lengths: the encoder computes lengths by a Ceil, as published voices do. streams: the decoder has a transposed
    convolution, where a voice can be cut. speakers: each an octave above the one before.
    """
    from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

    onnx.save(_model(tells_lengths, streams, speakers, DEFAULT_PHONEME_ID_MAP, amplitude), str(path))
    written = {
        "audio": {"sample_rate": RATE, "quality": "test"},
        "espeak": {"voice": language},
        "phoneme_type": "espeak",
        "num_symbols": _SYMBOLS,
        "num_speakers": speakers,
        "speaker_id_map": {f"s{number}": number for number in range(speakers)} if speakers > 1 else {},
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
        "hop_length": HOP,
    }
    path.with_name(path.name + ".json").write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")
    return path


def _model(
    tells_lengths: bool, streams: bool, speakers: int, ids: dict[str, list[int]], amplitude: float
) -> onnx.ModelProto:
    graph = _Graph()
    silent = [number for symbol in SILENT for number in ids.get(symbol, [])]
    step = np.array([tone_hz(number) * 2 * np.pi / RATE for number in range(_SYMBOLS)], np.float32)
    loud = np.full(_SYMBOLS, amplitude, np.float32)
    loud[silent] = 0
    frames = np.full(_SYMBOLS, FRAMES_OF_A_SYMBOL, np.float32)
    frames[[ids[symbol][0] for symbol in "_^$ˈˌː"]] = 1

    number = graph.add("Reshape", "input", graph.constant([-1], np.int64))
    asked = graph.add("Mul", graph.add("Gather", graph.constant(frames), number), _item(graph, "scales", 1))
    lasting = graph.add("Ceil" if tells_lengths else "Round", graph.add("Max", asked, graph.constant([1.0])))
    ends = graph.add("CumSum", lasting, graph.constant(0, np.int64))
    total = graph.add("Cast", graph.add("ReduceSum", lasting, keepdims=0), to=TensorProto.INT64)
    index = graph.add("Range", graph.constant(0, np.int64), total, graph.constant(1, np.int64))
    at = graph.add("Cast", graph.add("Unsqueeze", index, graph.constant([1], np.int64)), to=TensorProto.FLOAT)
    past = graph.add("Cast", graph.add("GreaterOrEqual", at, ends), to=TensorProto.INT64)
    here = graph.add("Gather", number, graph.add("ReduceSum", past, graph.constant([1], np.int64), keepdims=0))
    turn = graph.add("Gather", graph.constant(step), here)
    if speakers > 1:
        octave = graph.add("Pow", graph.constant(2.0), graph.add("Cast", "sid", to=TensorProto.FLOAT))
        turn = graph.add("Mul", turn, octave)
    advance = graph.add("Mul", turn, graph.constant(float(HOP)))
    begins = graph.add("CumSum", advance, graph.constant(0, np.int64), exclusive=1)
    rows = [graph.add("Unsqueeze", row, graph.constant([0], np.int64)) for row in (
        begins, turn, graph.add("Gather", graph.constant(loud), here))]
    latents = graph.add("Unsqueeze", graph.add("Concat", *rows, axis=0), graph.constant([0], np.int64))
    _decoder(graph, latents, streams, speakers)
    return graph.model(speakers)


def _decoder(graph: _Graph, latents: str, streams: bool, speakers: int) -> None:
    """latents: (1, 3, frames). Makes `output`, (1, 1, 1, frames · HOP), each sample from its own frame alone."""
    kept = graph.add("Conv", latents, graph.constant(np.eye(3)[:, :, None]))
    if speakers > 1:
        # Real voices add what they know of the speaker here; these have their octave already, and add nothing.
        known = graph.add("Cast", "sid", to=TensorProto.FLOAT)
        speaker = graph.add("Reshape", known, graph.constant([1, 1, 1], np.int64))
        kept = graph.add("Add", kept, graph.add("Conv", speaker, graph.constant(np.zeros((3, 1, 1)))))
    if streams:
        # Each channel once for each sample of the frame: a transposed convolution of ones, each channel by itself.
        wide = graph.add("ConvTranspose", kept, graph.constant(np.ones((3, 1, HOP))), strides=[HOP], group=3)
    else:
        tall = graph.add("Expand", graph.add("Unsqueeze", kept, graph.constant([3], np.int64)),
                         graph.constant([1, 3, 1, HOP], np.int64))
        wide = graph.add("Reshape", tall, graph.constant([1, 3, -1], np.int64))
    begin, turn, loud = (graph.add("Gather", wide, graph.constant(channel, np.int64), axis=1) for channel in range(3))
    frames = graph.add("Reshape", begin, graph.constant([1, -1, HOP], np.int64))
    inside = graph.add("Mul", graph.add("Reshape", turn, graph.constant([1, -1, HOP], np.int64)),
                       graph.constant(np.arange(HOP)))
    wave = graph.add("Sin", graph.add("Add", frames, inside))
    louder = graph.add("Mul", wave, graph.add("Reshape", loud, graph.constant([1, -1, HOP], np.int64)))
    graph.add("Reshape", louder, graph.constant([1, 1, 1, -1], np.int64), name="output")


def _item(graph: _Graph, vector: str, index: int) -> str:
    return graph.add("Gather", vector, graph.constant(index, np.int64))


class _Graph:
    """Nodes as they are added, each named by its number."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def constant(self, value: object, kind: type[np.generic] = np.float32) -> str:
        name = f"constant_{len(self._constants)}"
        array: npt.NDArray[Any] = np.asarray(value).astype(kind)
        self._constants.append(numpy_helper.from_array(array, name))
        return name

    def add(self, operator: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        made = name or f"made_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, list(inputs), [made], **attributes))
        return made

    def model(self, speakers: int) -> onnx.ModelProto:
        inputs = [
            helper.make_tensor_value_info("input", TensorProto.INT64, [1, "phonemes"]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ]
        if speakers > 1:
            inputs.append(helper.make_tensor_value_info("sid", TensorProto.INT64, [1]))
        self._nodes.insert(0, helper.make_node("Identity", ["input_lengths"], ["unread"]))
        output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "time"])
        graph = helper.make_graph(self._nodes, "tones", inputs, [output], self._constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
        onnx.checker.check_model(model)
        return model

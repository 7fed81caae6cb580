"""Writes a trained network as ONNX: one frame at a time, its memory going in and coming out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.lab.train.network import DENSE, FRAMES, UNITS, DetectorNetwork
from assistant.speech.head import INPUTS

Floats = npt.NDArray[np.float32]

OPSET = 17
PAST = (FRAMES - 1) * DENSE
MEMORY = PAST + UNITS


def export(network: DetectorNetwork, path: Path) -> None:
    """inputs (1, INPUTS), memory (1, MEMORY) → logit (1, 1), next_memory (1, MEMORY).

    The scaling of inputs is folded in. Gates are in ONNX's order (update, reset, new); torch's is reset, update, new.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    tensors = {name: tensor.detach().numpy().astype(np.float32) for name, tensor in network.state_dict().items()}
    dense = tensors["dense.weight"] / tensors["deviation"]
    constants = {
        "dense": dense.T,
        "dense_bias": tensors["dense.bias"] - dense @ tensors["mean"],
        # (out, in, frame), oldest frame first → rows frame by frame
        "convolution": tensors["convolution.weight"].transpose(2, 1, 0).reshape(-1, DENSE),
        "convolution_bias": tensors["convolution.bias"],
        "gru": _gates(tensors["gru.weight_ih_l0"])[None],
        "recurrence": _gates(tensors["gru.weight_hh_l0"])[None],
        "gru_bias": np.concatenate([_gates(tensors["gru.bias_ih_l0"]), _gates(tensors["gru.bias_hh_l0"])])[None],
        "out": tensors["out.weight"].T,
        "out_bias": tensors["out.bias"],
    }
    integers = {"parts": [PAST, UNITS], "first": [0], "drop": [DENSE], "end": [FRAMES * DENSE], "columns": [1]}
    node = helper.make_node
    nodes = [
        node("Gemm", ["inputs", "dense", "dense_bias"], ["scaled"]),
        node("Tanh", ["scaled"], ["now"]),
        node("Split", ["memory", "parts"], ["past", "hidden"], axis=1),
        node("Concat", ["past", "now"], ["window"], axis=1),
        node("Gemm", ["window", "convolution", "convolution_bias"], ["convolved"]),
        node("Relu", ["convolved"], ["seen"]),
        node("Unsqueeze", ["seen", "first"], ["sequence"]),
        node("Unsqueeze", ["hidden", "first"], ["hidden_before"]),
        node(
            "GRU",
            ["sequence", "gru", "recurrence", "gru_bias", "", "hidden_before"],
            ["", "hidden_after"],
            hidden_size=UNITS,
            linear_before_reset=1,
        ),
        node("Squeeze", ["hidden_after", "first"], ["hidden_next"]),
        node("Gemm", ["hidden_next", "out", "out_bias"], ["logit"]),
        node("Slice", ["window", "drop", "end", "columns"], ["kept"]),
        node("Concat", ["kept", "hidden_next"], ["next_memory"], axis=1),
    ]
    initialisers = [numpy_helper.from_array(np.asarray(value, order="C"), name) for name, value in constants.items()]
    initialisers += [numpy_helper.from_array(np.array(value, np.int64), name) for name, value in integers.items()]
    real = TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "interject_detector",
        [helper.make_tensor_value_info(n, real, [1, k]) for n, k in (("inputs", INPUTS), ("memory", MEMORY))],
        [helper.make_tensor_value_info(n, real, [1, k]) for n, k in (("logit", 1), ("next_memory", MEMORY))],
        initialisers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="interject")
    model.ir_version = 9
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def _gates(torch_order: Floats) -> Floats:
    reset, update, new = np.split(torch_order, 3)
    return np.concatenate([update, reset, new])

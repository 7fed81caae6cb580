"""The bytes of an ONNX model, cut and put together again."""

import contextlib
from pathlib import Path

import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.speech.piper_graph import CutVoice, GraphUnreadable, Part, cut
from tests.tiny.voice import make_voice


def cut_voice(path: Path, **kind: object) -> CutVoice:
    return cut(memoryview(make_voice(path, **kind).read_bytes()))


def model_of(part: Part | None) -> onnx.ModelProto:
    assert part is not None
    return onnx.load_from_string(b"".join(part.pieces))


@pytest.mark.parametrize("speakers", [1, 3])
def test_the_halves_share_the_nodes_and_meet_at_the_latents(tmp_path: Path, speakers: int) -> None:
    voice = cut_voice(tmp_path / "v.onnx", speakers=speakers)
    whole = onnx.load(str(tmp_path / "v.onnx")).graph
    encoder, decoder = model_of(voice.encoder).graph, model_of(voice.decoder).graph
    assert [each.name for each in encoder.output] == [voice.latents, voice.durations]
    assert [each.name for each in decoder.output] == ["output"]
    assert voice.latents in {each.name for each in decoder.input}
    assert {node.op_type for node in decoder.node} >= {"Conv", "ConvTranspose"}
    assert not {"Conv", "ConvTranspose"} & {node.op_type for node in encoder.node}
    assert len(encoder.node) + len(decoder.node) == len(whole.node) - 1  # nobody reads the length of the input
    assert ("sid" in {each.name for each in decoder.input}) == (speakers > 1)


def test_a_voice_without_a_place_to_cut_stays_whole(tmp_path: Path) -> None:
    voice = cut_voice(tmp_path / "v.onnx", streams=False)
    assert voice.decoder is None
    assert [each.name for each in model_of(voice.encoder).graph.output] == ["output", voice.durations]


def test_lengths_that_the_graph_does_not_tell_are_not_known(tmp_path: Path) -> None:
    assert cut_voice(tmp_path / "v.onnx", tells_lengths=False).durations is None


def test_a_second_output_is_taken_for_the_lengths(tmp_path: Path) -> None:
    model = onnx.load(str(make_voice(tmp_path / "v.onnx")))
    (ceil,) = (node.output[0] for node in model.graph.node if node.op_type == "Ceil")
    model.graph.output.append(onnx.helper.make_tensor_value_info(ceil, onnx.TensorProto.FLOAT, ["phonemes"]))
    voice = cut(memoryview(model.SerializeToString()))
    assert voice.durations == ceil
    assert [each.name for each in model_of(voice.encoder).graph.output] == [voice.latents, ceil]


def test_what_the_branches_of_a_condition_read_stays(tmp_path: Path) -> None:
    model = onnx.load(str(make_voice(tmp_path / "v.onnx")))
    scaled = next(node for node in model.graph.node if node.op_type == "Ceil")
    scaled_before = scaled.input[0]
    branches = {}
    for name in ("then_branch", "else_branch"):
        passed_on = onnx.helper.make_node("Identity", [scaled_before], [name])
        value = onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
        branches[name] = onnx.helper.make_graph([passed_on], name, [], [value])
    always = onnx.helper.make_tensor("always", onnx.TensorProto.BOOL, [], [True])
    model.graph.initializer.append(always)
    chosen = onnx.helper.make_node("If", ["always"], ["chosen"], **branches)
    model.graph.node.insert(list(model.graph.node).index(scaled), chosen)
    scaled.input[0] = "chosen"
    encoder = model_of(cut(memoryview(model.SerializeToString())).encoder)
    assert any(node.op_type == "If" for node in encoder.graph.node)
    assert any(scaled_before in node.output for node in encoder.graph.node)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_the_bytes_it_is_cut_or_called_unreadable(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "torn.onnx"
    whole = bytearray((path if path.exists() else make_voice(path)).read_bytes())
    for _ in range(data.draw(st.integers(0, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    torn = memoryview(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    with contextlib.suppress(GraphUnreadable):
        assert cut(torn).encoder.pieces

"""A Piper voice's ONNX graph cut in two, so that its sound comes in pieces and the lengths of its phonemes with it.

A VITS voice is an encoder, which turns a whole sentence into 256-sample frames of latents in about a tenth of the time,
and a convolutional decoder, which turns frames into sound and sees only a few of them at a time. In one graph the first
sound waits for the last; in two it does not. The encoder also knows how many frames each phoneme lasts: published
voices keep that to themselves (the output of the graph's one Ceil), and here it becomes an output.

Field numbers are those of onnx.proto3. Nothing is decoded but names, so the weights stay where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_MODEL_GRAPH = 7
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_INPUT, _GRAPH_OUTPUT, _GRAPH_VALUE_INFO = 1, 5, 11, 12, 13
_NODE_INPUT, _NODE_OUTPUT, _NODE_OPERATOR, _NODE_ATTRIBUTE = 1, 2, 4, 5
_ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS = 6, 11
_TENSOR_NAME, _VALUE_NAME = 8, 1
_BYTES = 2  # the wire type of everything that has a length
# ValueInfoProto.type of a float tensor of three unknown dimensions: tensor_type {elem_type: 1, shape {dim, dim, dim}}.
_THREE_FLOAT_AXES = bytes((0x12, 0x0C, 0x0A, 0x0A, 0x08, 0x01, 0x12, 0x06, 0x0A, 0x00, 0x0A, 0x00, 0x0A, 0x00))


class GraphUnreadable(ValueError):
    """The bytes are no ONNX model. The text says where reading stopped."""


@dataclass(frozen=True, slots=True)
class _Field:
    """One protobuf field. body: what it holds, of fields with a length; whole: with its tag and length."""

    number: int
    wire: int
    body: memoryview
    whole: memoryview


@dataclass(frozen=True, slots=True)
class _Node:
    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    whole: memoryview


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a model that is a model itself, as the pieces of bytes that make its file."""

    pieces: tuple[memoryview | bytes, ...]

    def write(self, path: Path) -> None:
        """Piece by piece: each write frees the interpreter for others, one big copy in memory would hold it 50 ms."""
        with path.open("wb") as file:
            for piece in self.pieces:
                file.write(piece)


@dataclass(frozen=True, slots=True)
class CutVoice:
    """encoder: the sentence into frames, its outputs are `latents` (1, channels, frames) and, if known, `durations`.

    decoder: `latents` (and the speaker, of voices that have several) into sound. None where the graph has no place to
    cut; the encoder then goes all the way to the voice's own `output`. durations: frames each phoneme id lasts.
    """

    encoder: Part
    decoder: Part | None
    latents: str
    durations: str | None


def cut(model: memoryview) -> CutVoice:
    """model: the bytes of a Piper voice's .onnx; they must outlive the parts. Raises GraphUnreadable."""
    graph = _Graph.read(model)
    if not graph.outputs or not graph.nodes:
        raise GraphUnreadable("it holds no graph with an output")
    output, *others = graph.outputs
    durations = others[0] if others else graph.only_output_of("Ceil")
    latents = graph.latents(output)
    known = () if durations is None else (durations,)
    if latents is None:
        return CutVoice(graph.part((output, *known)), None, output, durations)
    return CutVoice(graph.part((latents, *known)), graph.part((output,), begin_at=latents), latents, durations)


@dataclass(slots=True)
class _Graph:
    outer: list[memoryview] = field(default_factory=list)  # the model's fields around the graph
    nodes: list[_Node] = field(default_factory=list)  # in an order in which they can be computed
    initializers: dict[str, memoryview] = field(default_factory=dict)
    inputs: dict[str, memoryview] = field(default_factory=dict)
    outputs: dict[str, memoryview] = field(default_factory=dict)
    rest: list[memoryview] = field(default_factory=list)
    made_by: dict[str, _Node] = field(default_factory=dict)

    @classmethod
    def read(cls, model: memoryview) -> _Graph:
        graph = cls()
        for outer in _fields(model):
            if outer.number != _MODEL_GRAPH:
                graph.outer.append(outer.whole)
                continue
            for each in _fields(outer.body):
                graph._take(each)
        graph.made_by = {name: node for node in graph.nodes for name in node.outputs}
        return graph

    def _take(self, each: _Field) -> None:
        if each.number == _GRAPH_NODE:
            self.nodes.append(_node(each))
        elif each.number == _GRAPH_INITIALIZER:
            self.initializers[_name(each.body, _TENSOR_NAME)] = each.whole
        elif each.number == _GRAPH_INPUT:
            self.inputs[_name(each.body, _VALUE_NAME)] = each.whole
        elif each.number == _GRAPH_OUTPUT:
            self.outputs[_name(each.body, _VALUE_NAME)] = each.whole
        elif each.number != _GRAPH_VALUE_INFO:
            self.rest.append(each.whole)

    def only_output_of(self, operator: str) -> str | None:
        """What the one node of this kind makes; None where there are none or several."""
        nodes = [node for node in self.nodes if node.operator == operator]
        return nodes[0].outputs[0] if len(nodes) == 1 else None

    def latents(self, output: str) -> str | None:
        """What the decoder's first convolution reads, None for a graph of another build.

        Only the decoder has transposed convolutions. Before its first one come an activation, the first convolution
        and, of voices with several speakers, the sum with another convolution, which knows nothing of the text.
        """
        decoder_nodes = (node for node in self.nodes if node.operator == "ConvTranspose")
        first = next((node for node in decoder_nodes if output in self._reached_from(node)), None)
        if first is None:
            return None
        waiting = [first.inputs[0]]
        while waiting:
            node = self.made_by.get(waiting.pop())
            if node is None:
                continue
            if node.operator != "Conv":
                waiting.extend(node.inputs)
            elif "input" in self._needed((node.inputs[0],)):
                return node.inputs[0]
        return None

    def _reached_from(self, start: _Node) -> set[str]:
        reached = set(start.outputs)
        for node in self.nodes:
            if not reached.isdisjoint(node.inputs):
                reached.update(node.outputs)
        return reached

    def _needed(self, outputs: Iterable[str], begin_at: str | None = None) -> set[str]:
        """Every name that `outputs` are computed from, themselves included; nothing behind `begin_at`."""
        needed: set[str] = set()
        waiting = list(outputs)
        while waiting:
            name = waiting.pop()
            if name in needed:
                continue
            needed.add(name)
            if name != begin_at and name in self.made_by:
                waiting.extend(self.made_by[name].inputs)
        return needed

    def part(self, outputs: tuple[str, ...], begin_at: str | None = None) -> Part:
        needed = self._needed(outputs, begin_at)
        behind = None if begin_at is None else self.made_by.get(begin_at)
        pieces: list[memoryview | bytes] = [
            node.whole for node in self.nodes if node is not behind and not needed.isdisjoint(node.outputs)
        ]
        pieces += [whole for name, whole in self.initializers.items() if name in needed]
        pieces += [whole for name, whole in self.inputs.items() if name in needed]
        pieces += [self.outputs.get(name, _written(_GRAPH_OUTPUT, _value(name))) for name in outputs]
        if begin_at is not None:
            pieces.append(_written(_GRAPH_INPUT, _value(begin_at) + _THREE_FLOAT_AXES))
        pieces += self.rest
        length = sum(len(piece) for piece in pieces)
        return Part((*self.outer, _varint(_MODEL_GRAPH << 3 | _BYTES) + _varint(length), *pieces))


def _node(each: _Field) -> _Node:
    inputs, outputs, operator = [], [], ""
    for inner in _fields(each.body):
        if inner.number == _NODE_INPUT:
            inputs.append(_text(inner.body))
        elif inner.number == _NODE_OUTPUT:
            outputs.append(_text(inner.body))
        elif inner.number == _NODE_OPERATOR:
            operator = _text(inner.body)
        elif inner.number == _NODE_ATTRIBUTE:
            inputs.extend(_read_by_branches(inner.body))
    return _Node(operator, tuple(name for name in inputs if name), tuple(outputs), each.whole)


def _read_by_branches(attribute: memoryview) -> Iterator[str]:
    """The branches of an If read names of the graph around them, without listing them as the node's inputs."""
    for branch in _fields(attribute):
        if branch.number in {_ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS} and branch.wire == _BYTES:
            for each in _fields(branch.body):
                if each.number == _GRAPH_NODE:
                    yield from _node(each).inputs
                elif each.number == _GRAPH_OUTPUT:
                    yield _name(each.body, _VALUE_NAME)


def _name(body: memoryview, number: int) -> str:
    return next((_text(each.body) for each in _fields(body) if each.number == number), "")


def _text(body: memoryview) -> str:
    return str(body, "utf-8", "replace")


def _value(name: str) -> bytes:
    return _written(_VALUE_NAME, name.encode())


def _written(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | _BYTES) + _varint(len(body)) + body


def _fields(message: memoryview) -> Iterator[_Field]:
    at = 0
    while at < len(message):
        start = at
        tag, at = _read_varint(message, at)
        wire = tag & 7
        if wire == _BYTES:
            length, at = _read_varint(message, at)
            end = at + length
        elif wire in _FIXED_LENGTHS:
            end = at + _FIXED_LENGTHS[wire]
        elif wire == 0:
            _, end = _read_varint(message, at)
        else:
            raise GraphUnreadable(f"field {tag >> 3} has the unknown wire type {wire}")
        if end > len(message):
            raise GraphUnreadable(f"field {tag >> 3} should end {end - len(message)} bytes after its end")
        yield _Field(tag >> 3, wire, message[at:end], message[start:end])
        at = end


_FIXED_LENGTHS: Mapping[int, int] = {1: 8, 5: 4}


def _read_varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message) and shift < 64:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
    raise GraphUnreadable("it ends inside a number")


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*written, value))

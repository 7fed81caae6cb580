"""Qwen2.5-0.5B in Q4_0, in its exact shape, with weights that make it answer `shape_words.ANSWER` to everything.

All layers are computed and add nothing, so that each token alone says which one follows. As in the published file the
output matrix is apart from the embedding and has 8 bit.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.benchmarks.shape_words import answer_tokens, byte_symbols, merges
from tests.tiny.gguf import CHATML

WIDTH, LAYERS, HEADS, KV_HEADS, FEED_FORWARD, CONTEXT = 896, 24, 14, 2, 4864, 32_768
VOCABULARY, ORDINARY = 151_936, 151_643
_BLOCK = 32
_BYTES = {"Q4_0": 18, "Q8_0": 34}
"""Of a block of 32 weights: its scale in half precision, then the weights."""

Bytes = npt.NDArray[np.uint8]


def make_qwen_shape(path: Path) -> Path:
    """Writes the model, 420 MB, to `path` and returns it."""
    import gguf

    tokens = _tokens()
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_name("Qwen2.5-0.5B shape")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e6)
    writer.add_vocab_size(VOCABULARY)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    kind = gguf.TokenType
    writer.add_token_types([kind.NORMAL] * ORDINARY + [kind.CONTROL] * (VOCABULARY - ORDINARY))
    writer.add_token_merges([f"{first} {second}" for first, second in merges()])
    writer.add_bos_token_id(tokens.index("<|endoftext|>"))
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    writer.add_add_bos_token(False)
    writer.add_chat_template(CHATML)
    _add_weights(writer, gguf, tokens)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _tokens() -> list[str]:
    ordinary = dict.fromkeys(byte_symbols())
    ordinary |= dict.fromkeys(first + second for first, second in merges())
    ordinary |= dict.fromkeys(answer_tokens())
    filler = (f"filler{number}" for number in range(ORDINARY - len(ordinary)))
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    unused = (f"<|unused{number}|>" for number in range(VOCABULARY - ORDINARY - len(special)))
    return [*ordinary, *filler, *special, *unused]


def _add_weights(writer: Any, gguf: Any, tokens: list[str]) -> None:
    rng = np.random.default_rng(0)
    chain = [tokens.index(token) for token in (byte_symbols()[10], *answer_tokens(), "<|im_end|>")]
    embedding = _random_blocks(rng, VOCABULARY, WIDTH, "Q4_0", 1.0)
    output = _random_blocks(rng, VOCABULARY, WIDTH, "Q8_0", 0.01)
    for token, follower in pairwise(chain):
        row = gguf.quants.dequantize(embedding[token : token + 1], gguf.GGMLQuantizationType.Q4_0)[0]
        wanted = 6 * row / np.linalg.norm(row)
        output[follower] = gguf.quants.quantize(wanted[None].astype(np.float32), gguf.GGMLQuantizationType.Q8_0)[0]
    _add(writer, gguf, "token_embd.weight", embedding, "Q4_0")
    _add(writer, gguf, "output.weight", output, "Q8_0")
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    kv = KV_HEADS * WIDTH // HEADS
    shapes = {
        "attn_q": (WIDTH, WIDTH), "attn_k": (kv, WIDTH), "attn_v": (kv, WIDTH), "attn_output": (WIDTH, WIDTH),
        "ffn_gate": (FEED_FORWARD, WIDTH), "ffn_up": (FEED_FORWARD, WIDTH), "ffn_down": (WIDTH, FEED_FORWARD),
    }  # fmt: skip
    for layer in range(LAYERS):
        for norm in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{norm}.weight", np.ones(WIDTH, np.float32))
        for name, (rows, columns) in shapes.items():
            scale = 0.0 if name in ("attn_output", "ffn_down") else 1 / np.sqrt(columns)
            _add(writer, gguf, f"blk.{layer}.{name}.weight", _random_blocks(rng, rows, columns, "Q4_0", scale), "Q4_0")
        for name, length in (("attn_q", WIDTH), ("attn_k", kv), ("attn_v", kv)):
            writer.add_tensor(f"blk.{layer}.{name}.bias", np.zeros(length, np.float32))


def _add(writer: Any, gguf: Any, name: str, blocks: Bytes, kind: str) -> None:
    writer.add_tensor(name, blocks, raw_dtype=gguf.GGMLQuantizationType[kind])


def _random_blocks(rng: np.random.Generator, rows: int, columns: int, kind: str, scale: float) -> Bytes:
    """Quantized weights of about this standard deviation: (rows, bytes of a row)."""
    blocks = rng.integers(0, 256, (rows, columns // _BLOCK, _BYTES[kind]), dtype=np.uint8)
    spread = 4.6 if kind == "Q4_0" else 74.0  # standard deviation of 4 and 8 random bits
    blocks[:, :, :2] = np.frombuffer(np.float16(scale / spread).tobytes(), np.uint8)
    return blocks.reshape(rows, -1)

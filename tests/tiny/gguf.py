"""A real GGUF of a few hundred kilobytes that llama.cpp loads: it always answers with the words it was made with."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
WIDTH, LAYERS, HEADS, KV_HEADS, FEED_FORWARD = 64, 2, 4, 2, 128
SPECIAL = ("<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>")
FIRST_BYTE = len(SPECIAL)
END = SPECIAL.index("<|im_end|>")


def make_gguf(
    path: Path, answer: str, *, template: str | None = CHATML, after: str = "\n", context: int = 2048, end: bool = True
) -> Path:
    """Writes the model to `path` and returns it.

    answer: words, none twice; spaces between them belong to the word behind. after: the character that ends every
    prompt of `template`. Its layers add nothing, so that each token alone says which one follows: `after` → first word
    → … → last word → the end of the turn. end: False has the last word followed by the first, for ever.
    """
    import gguf

    words = answer.split(" ")
    if len(set(words)) != len(words):
        raise ValueError("the words of the answer must differ")
    kind = gguf.TokenType
    said = [("▁" * (i > 0) + word).encode() for i, word in enumerate(words)] if answer else []
    tokens = [*(name.encode() for name in SPECIAL), *(b"<0x%02X>" % i for i in range(256)), "▁".encode()]
    tokens += [bytes([character]) for character in range(33, 127)]
    types = [kind.UNKNOWN, *[kind.CONTROL] * 4, *[kind.BYTE] * 256, *[kind.NORMAL] * 95]
    scores = [0.0] * 261 + [-1.0] * 95
    first_word = len(tokens)
    tokens, types, scores = tokens + said, types + [kind.NORMAL] * len(said), scores + [-50.0] * len(said)

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny")
    writer.add_context_length(context)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e4)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    writer.add_bos_token_id(SPECIAL.index("<s>"))
    writer.add_eos_token_id(END)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(False)
    if template is not None:
        writer.add_chat_template(template)

    chain = [_prompts_last(tokens, after), *range(first_word, len(tokens))]
    chain.append(END if end else first_word)
    _add_weights(writer, len(tokens), chain)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _prompts_last(tokens: list[bytes], after: str) -> int:
    return FIRST_BYTE + 10 if after == "\n" else tokens.index(after.encode())


def _add_weights(writer: Any, vocabulary: int, chain: list[int]) -> None:
    rng = np.random.default_rng(0)
    embedding = rng.standard_normal((vocabulary, WIDTH)).astype(np.float32)
    embedding /= np.linalg.norm(embedding, axis=1, keepdims=True)
    output = 0.01 * rng.standard_normal((vocabulary, WIDTH)).astype(np.float32)
    for token, follower in pairwise(chain):
        output[follower] = 6 * embedding[token]
    writer.add_tensor("token_embd.weight", embedding.astype(np.float16))
    writer.add_tensor("output.weight", output.astype(np.float16))
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    kv = KV_HEADS * WIDTH // HEADS
    shapes = {
        "attn_q": (WIDTH, WIDTH), "attn_k": (kv, WIDTH), "attn_v": (kv, WIDTH), "attn_output": (WIDTH, WIDTH),
        "ffn_gate": (FEED_FORWARD, WIDTH), "ffn_up": (FEED_FORWARD, WIDTH), "ffn_down": (WIDTH, FEED_FORWARD),
    }  # fmt: skip
    for layer in range(LAYERS):
        for norm in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{norm}.weight", np.ones(WIDTH, np.float32))
        for name, shape in shapes.items():
            adds_nothing = name in ("attn_output", "ffn_down")
            weights = np.zeros(shape) if adds_nothing else rng.standard_normal(shape) / np.sqrt(WIDTH)
            writer.add_tensor(f"blk.{layer}.{name}.weight", weights.astype(np.float16))

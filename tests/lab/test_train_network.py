"""The network learns, is judged, and says the same as ONNX, frame by frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from assistant.lab.train.examples import Examples
from assistant.lab.train.export import export
from assistant.lab.train.fit import CROP, fit, logits_of
from assistant.lab.train.judge import LEAK, evidence, judge
from assistant.lab.train.network import DetectorNetwork
from assistant.speech.head import INPUTS, STATE, Head, HeadMissing


@pytest.fixture(scope="module")
def network() -> DetectorNetwork:
    torch.manual_seed(1)
    return DetectorNetwork(torch.randn(INPUTS), torch.rand(INPUTS) + 0.5).eval()


def told_apart(count: int = 64) -> Examples:
    """Voices that one input tells: above zero while the user speaks."""
    rng = np.random.default_rng(1)
    inputs = rng.standard_normal((count, CROP, INPUTS)).astype(np.float16) * np.float16(0.3)
    is_voice = np.zeros((count, CROP), np.float32)
    for sequence in range(0, count, 2):
        start = int(rng.integers(20, 100))
        is_voice[sequence, start : start + 40] = 1
    inputs[..., STATE] = (is_voice * 4 - 2).astype(np.float16)
    return Examples(inputs, is_voice, np.ones_like(is_voice), np.arange(count) % 2)


def test_frame_by_frame_onnx_says_what_torch_says_of_the_whole(network: DetectorNetwork, tmp_path: Path) -> None:
    export(network, tmp_path / "head.onnx")
    head = Head(tmp_path / "head.onnx")
    inputs = np.random.default_rng(2).standard_normal((30, INPUTS)).astype(np.float32)
    inputs[:, STATE] *= 6
    with torch.no_grad():
        whole = network(torch.from_numpy(inputs)[None])[0].numpy()
    assert [head(frame) for frame in inputs] == pytest.approx(whole.tolist(), abs=1e-4)
    head.reset()
    assert [head(frame) for frame in inputs] == pytest.approx(whole.tolist(), abs=1e-4)
    assert (tmp_path / "head.onnx").stat().st_size < 1_000_000


def test_a_network_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "head.onnx").write_bytes(b"not a network")
    with pytest.raises(HeadMissing, match="cannot be read"):
        Head(tmp_path / "head.onnx")


def test_it_learns_what_can_be_learnt_and_the_seed_decides_all() -> None:
    examples = told_apart()
    learnt = fit(examples, range(64), epochs=30, seed=3)
    logits = logits_of(learnt, examples, range(64))
    voiced = examples.is_voice > 0
    assert np.median(logits[voiced]) > np.median(logits[~voiced]) + 2
    again = fit(examples, range(64), epochs=30, seed=3)
    assert np.array_equal(logits, logits_of(again, examples, range(64)))


def test_evidence_adds_up_forgets_and_is_never_below_zero() -> None:
    logits = np.array([[2, 2, -9, -9, 1]], np.float32)
    assert evidence(logits)[0] == pytest.approx([2, 2 + LEAK * 2, 0, 0, 1])


def test_the_judge_counts_voices_delays_and_false_alarms() -> None:
    is_voice = np.zeros((2, 200), np.float32)
    is_voice[0, 50:90] = 1
    logits = np.full((2, 200), -4, np.float32)
    logits[0, 52:90] = 4
    logits[1, 100:103] = 4
    judgement = judge(logits, is_voice, threshold=5.3)
    assert judgement.noticed == 1
    assert judgement.delay_p50_ms == 4 * 16
    assert judgement.fooled_per_hour == pytest.approx(3_600_000 / (200 * 16))
    assert judge(logits, is_voice, threshold=50).noticed == 0

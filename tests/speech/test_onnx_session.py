"""Networks that read and write arrays of ours."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.speech.onnx_session import Bound, open_session
from assistant.speech.silero import silero_path


def test_a_bound_network_says_what_it_says_otherwise_and_sees_what_changed_in_the_arrays() -> None:
    session = open_session(silero_path())
    sound, state = np.zeros((1, 576), np.float32), np.zeros((2, 1, 128), np.float32)
    p, after = np.zeros((1, 1), np.float32), np.zeros_like(state)
    bound = Bound(session, {"input": sound, "state": state}, {"output": p, "stateN": after})
    for seed in range(3):
        rng = np.random.default_rng(seed)
        sound[:], state[:] = 0.1 * rng.standard_normal(sound.shape), 0.1 * rng.standard_normal(state.shape)
        bound.run()
        told = session.run(None, {"input": sound, "state": state})
        assert p == pytest.approx(told[0])
        assert after == pytest.approx(told[1])


def test_an_array_with_gaps_is_refused() -> None:
    with pytest.raises(ValueError, match="input is not contiguous"):
        Bound(open_session(silero_path()), {"input": np.zeros((1, 2 * 576), np.float32)[:, ::2]}, {})

"""What the scope draws of the rest of a phrase that was cut."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.signal.trace import BIN
from assistant.ui.host import peaks_at
from assistant.workers.stream_clock import PER_SAMPLE

ONE = BIN * PER_SAMPLE


@pytest.mark.parametrize("samples", [0, 1, ONE - 1])
def test_a_phrase_that_was_nearly_over_leaves_nothing_to_draw(samples: int) -> None:
    assert peaks_at(500, np.ones(samples, np.float32)) is None


def test_the_rest_is_drawn_from_where_it_fell_silent() -> None:
    sound = np.concatenate([np.full(ONE, 0.5), np.full(ONE, -0.25), np.ones(ONE // 2)]).astype(np.float32)
    peaks = peaks_at(500, sound)
    assert peaks is not None and peaks.start == 500
    assert (peaks.low.tolist(), peaks.high.tolist()) == ([0.5, -0.25], [0.5, -0.25])

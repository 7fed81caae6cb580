"""A column is a fixed number of samples, whatever is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.ui.live.view import View

SECONDS = st.sampled_from([2.0, 4.0, 8.0, 15.0, 30.0])
COLUMNS = st.integers(100, 3000)


@given(SECONDS, COLUMNS, st.integers(0, 10**8))
def test_the_whole_of_the_chosen_time_is_inside_the_plot(seconds: float, columns: int, samples: int) -> None:
    view = View.of(columns, seconds, samples, samples // 256)
    assert view.end - view.start >= seconds * 16_000


@given(SECONDS, COLUMNS, st.integers(0, 10**8))
def test_only_columns_that_are_known_in_full_are_shown(seconds: float, columns: int, samples: int) -> None:
    view = View.of(columns, seconds, samples, samples // 256)
    assert view.end <= min(samples, samples // 256 * 256)
    assert view.end + view.per_column > min(samples, samples // 256 * 256)


def test_a_sample_and_its_place_belong_together() -> None:
    view = View.of(630, 8, 160_000, 312)
    assert view.x(view.end) == 630
    assert view.sample(view.x(100_000)) == 100_000


@given(SECONDS, st.floats(0, 630))
def test_a_zoom_keeps_what_is_under_the_pointer(seconds: float, x: float) -> None:
    view = View.of(630, 8, 480_000, 930)
    zoomed = view.zoomed(seconds, x)
    assert abs(zoomed.x(view.sample(x)) - x) <= 1

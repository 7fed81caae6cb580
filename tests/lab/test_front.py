"""The front of a trade-off keeps what nothing beats."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.lab.front import non_dominated

Cost = tuple[int, int]
POINTS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=20)


def beats(one: Cost, other: Cost) -> bool:
    return all(mine <= its for mine, its in zip(one, other, strict=True)) and one != other


def test_slow_and_sure_and_quick_and_rash_stay_and_slow_and_rash_goes() -> None:
    assert non_dominated([(300, 0), (100, 9), (200, 3), (310, 4), (200, 5)], lambda point: point) == [
        (100, 9),
        (200, 3),
        (300, 0),
    ]


def test_of_equals_the_first_stays() -> None:
    assert non_dominated(["a", "b"], lambda _: (1.0, 2.0)) == ["a"]


@given(POINTS)
def test_none_that_stays_is_beaten_and_each_that_goes_is(points: list[Cost]) -> None:
    kept = non_dominated(points, lambda point: point)
    assert not any(beats(one, other) for one in points for other in kept)
    assert all(point in kept or any(beats(one, point) for one in kept) for point in points)

"""Progress is read from what pip, Ninja and Make print."""

from __future__ import annotations

import pytest
from bootstrap.install import built, counting


@pytest.mark.parametrize(
    ("line", "progress"),
    [
        ("  [37/412] Building CXX object ggml/src/x.o", (37, 412)),
        ("[ 37%] Building CXX object ggml/src/x.o", (37, 100)),
        ("  [notice] A new release of pip is available", None),
        ("Collecting numpy==2.4.6", None),
    ],
)
def test_a_build_tool_counts(line: str, progress: tuple[int, int] | None) -> None:
    assert built(line) == progress


def test_pip_is_followed_package_by_package() -> None:
    shown: list[str] = []
    follow = counting(2, shown.append)
    for line in ("Looking in links", "Collecting av==18.1.0", "  Downloading av", "Collecting numpy==2.4.6 (from x)"):
        follow(line)
    follow("Installing collected packages: av, numpy")
    assert shown == ["1 of 2, av", "2 of 2, numpy", "unpacking"]

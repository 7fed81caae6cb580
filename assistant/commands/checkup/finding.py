"""What a check found, in a sentence, with its remedy; and the guard that turns a broken check into a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Status = Literal["ok", "warning", "problem"]
"""problem: the app cannot be used so. warning: something is worse than it could be."""

INSTALL_REMEDY = "Run: python3 packaging/start.py"
"""It installs what is missing and nothing else."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's. remedy: what to do, empty while all is well. figures: unit in the name."""

    name: str
    status: Status
    found: str
    remedy: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)


Check = Callable[[], Iterable[Finding]]


def examine(name: str, check: Check) -> Iterator[Finding]:
    """The findings of a check, as they come. Whatever the check raises becomes the last of them."""
    try:
        yield from check()
    except ImportError as error:  # a check imports nothing that the app can do without
        yield Finding(name, "problem", f"A library is missing or broken: {error}.", INSTALL_REMEDY)
    except Exception as error:
        yield Finding(
            name,
            "warning",
            f"Could not be looked at: {type(error).__name__}: {error}",
            "Please report this line.",
        )

"""What is said where a file cannot be used as a model."""

from __future__ import annotations


class Refused(ValueError):
    """The file is not used. The text says why, and what to do where something can be done."""

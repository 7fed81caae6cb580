"""Sizes, speeds and times as the models page says them."""

from __future__ import annotations


def size(count: int) -> str:
    """Bytes as "63 MB", "986 MB", "2.02 GB"; 1 MB is 10⁶ bytes."""
    megabytes = round(count / 1e6)
    if megabytes >= 1000:
        return f"{count / 1e9:.2f} GB"
    return f"{megabytes} MB" if megabytes or not count else "1 MB"


def memory(megabytes: float) -> str:
    """Megabytes as "0.3 GB", "16 GB"."""
    gigabytes = megabytes / 1000
    return f"{gigabytes:.0f} GB" if gigabytes >= 10 or not gigabytes else f"{max(0.1, gigabytes):.1f} GB"


def rate(bytes_per_s: float) -> str:
    """"3.1 MB/s"."""
    if bytes_per_s < 1e6:
        return f"{bytes_per_s / 1e3:.0f} kB/s"
    return f"{bytes_per_s / 1e6:.1f} MB/s"


def left(seconds: float) -> str:
    """"40 s left", "2 min 20 s left", "1 h 5 min left"; above a minute in steps of 10 s, to stay calm."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s left"
    if seconds < 3600:
        minutes, rest = divmod(round(seconds / 10) * 10, 60)
        return f"{minutes} min {rest} s left" if rest and minutes < 10 else f"{minutes} min left"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min left"

"""The machine: Python, processor, memory, disk, and whether its folders can be written."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from assistant.commands.checkup.finding import Finding

OLDEST_PYTHON = (3, 11)
LEAST_CORES = 2
"""One for the sound, one for everything else."""
LEAST_FREE_MEMORY_GB = 1.0
"""The app alone takes 0.2 GB; the large models take most of a gigabyte."""
LEAST_FREE_DISK_GB = 3.0
"""The large models together."""
LEAST_FREE_TO_RUN_GB = 0.05


def python() -> Iterator[Finding]:
    """Its version, and the system."""
    here = f"{platform.python_version()} ({platform.python_implementation()}) on {platform.platform(terse=True)}"
    if sys.version_info[:2] < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        yield Finding("Python", "problem", here, f"Install Python {wanted} or newer, then python3 packaging/start.py")
    else:
        yield Finding("Python", "ok", here)


def processor() -> Iterator[Finding]:
    """Cores, and how busy they are already."""
    cores = usable_cores()
    load = load_average()
    figures = {"cores": float(cores), **({"load_average": load} if load is not None else {})}
    told = f"{cores} cores" + ("" if load is None else f", load average {load:.1f}")
    if cores < LEAST_CORES:
        yield Finding(
            "Processor", "warning", told, "Close other programs; use blocks of 20 ms (audio.block_ms).", figures
        )
    elif load is not None and load > cores:
        yield Finding("Processor", "warning", f"{told}: busy", "Close what is busy, or sound may come late.", figures)
    else:
        yield Finding("Processor", "ok", told, figures=figures)


def memory() -> Iterator[Finding]:
    """Memory that is free, where the system tells it."""
    free_gb = free_memory_gb()
    if free_gb is None:
        yield Finding("Memory", "ok", "this system does not tell")
        return
    low = free_gb < LEAST_FREE_MEMORY_GB
    remedy = f"Close other programs: the large models want {LEAST_FREE_MEMORY_GB:.0f} GB." if low else ""
    yield Finding("Memory", "warning" if low else "ok", f"{free_gb:.1f} GB free", remedy, {"free_memory_gb": free_gb})


def disk() -> Iterator[Finding]:
    """Room where models and recordings go."""
    from assistant.settings.paths import data_folder

    place = standing(data_folder())
    free_gb = shutil.disk_usage(place).free / 1e9
    figures = {"free_disk_gb": free_gb}
    told = f"{free_gb:.1f} GB free under {place}"
    if free_gb < LEAST_FREE_TO_RUN_GB:
        yield Finding("Disk", "warning", told, "Free some space: settings and the log cannot be written.", figures)
    elif free_gb < LEAST_FREE_DISK_GB:
        yield Finding("Disk", "warning", told, f"The large models want {LEAST_FREE_DISK_GB:.0f} GB.", figures)
    else:
        yield Finding("Disk", "ok", told, figures=figures)


def folders() -> Iterator[Finding]:
    """Whether settings, data and log can be written. They are tried, because permissions alone do not tell."""
    from assistant.settings.paths import HOME_VARIABLE, config_folder, data_folder, state_folder

    refused = []
    for folder in (config_folder(), data_folder(), state_folder()):
        place = standing(folder)
        try:
            with tempfile.TemporaryFile(dir=place):
                pass
        except OSError as error:
            refused.append(f"{folder} cannot be written: {error.strerror or error}")
    if refused:
        remedy = f"Make it writable, or name another folder in {HOME_VARIABLE}. Until then nothing is kept."
        yield Finding("Folders", "warning", ". ".join(refused), remedy)
    else:
        yield Finding("Folders", "ok", f"{config_folder()} and the others can be written")


def standing(folder: Path) -> Path:
    """The nearest folder at or above that exists: where the missing ones would be made."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def usable_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def load_average() -> float | None:
    """Of the last minute; None where there is none, on Windows."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def free_memory_gb() -> float | None:
    """What programs could still take. None where the system does not tell as a file, outside of Linux."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 / 1e9 for line in lines if line.startswith("MemAvailable:")), None)

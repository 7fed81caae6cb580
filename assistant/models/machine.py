"""What this machine has to offer a model: cores, memory, and room on the disk."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from assistant.settings.paths import data_folder


@dataclass(frozen=True, slots=True)
class Machine:
    """cores: that this process may use. memory_mb: built in, not what is free at the moment; 1 MB is 10⁶ bytes.

    free_disk_mb: where models are kept.
    """

    cores: int
    memory_mb: int
    free_disk_mb: int


def this_machine(folder: Path | None = None) -> Machine:
    """folder: where models are kept, which need not exist yet; None for the usual place. Raises OSError."""
    import psutil

    process = psutil.Process()
    # A container or `taskset` may leave fewer cores than the machine has; macOS cannot tell.
    cores = len(process.cpu_affinity()) if hasattr(process, "cpu_affinity") else psutil.cpu_count() or 1
    return Machine(
        cores=cores,
        memory_mb=int(psutil.virtual_memory().total / 1e6),
        free_disk_mb=int(free_bytes(folder or data_folder()) / 1e6),
    )


def free_bytes(folder: Path) -> int:
    """Room on the disk that holds `folder`, which need not exist yet. Raises OSError."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return shutil.disk_usage(place).free

"""Makes `bootstrap` and the scripts beside it importable by path: packaging/ is no package of ours on sys.path."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


def _load(name: str, path: Path, folder: Path | None = None) -> ModuleType:
    inside = None if folder is None else [str(folder)]
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=inside)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


_load("bootstrap", PACKAGING / "bootstrap" / "__init__.py", PACKAGING / "bootstrap")
_load("interject_lock", PACKAGING / "lock.py")
_load("interject_old_python", PACKAGING / "old_python.py")

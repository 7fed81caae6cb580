"""Models with the exact shapes of published ones, for honest timing, that hear and answer a known text.

python -m tests.benchmarks.make_shapes OUT

Then: interject bench replies --set ears.model=OUT/tiny.en --set brain.model=OUT/qwen05.gguf \
--set voice.model=OUT/medium.onnx
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from tests.benchmarks.shape_gguf import make_qwen_shape
from tests.benchmarks.shape_voice import make_voice_shape
from tests.benchmarks.shape_whisper import SIZES, make_whisper_shape


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="a folder for half a gigabyte of models")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        _told(lambda size=size: make_whisper_shape(out / size, size))
    _told(lambda: make_qwen_shape(out / "qwen05.gguf"))
    _told(lambda: make_voice_shape(out / "medium.onnx"))


def _told(make: object) -> None:
    began = time.perf_counter()
    assert callable(make)
    path: Path = make()
    files = path.iterdir() if path.is_dir() else [path]
    print(f"{path}: {sum(file.stat().st_size for file in files) / 1e6:.0f} MB in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()

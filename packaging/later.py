"""The background stage of start.py, run by the .venv's Python: see bootstrap/later.py."""

import sys

from bootstrap.later import run_in_background
from bootstrap.places import here

if __name__ == "__main__":
    sys.exit(run_in_background(here()))

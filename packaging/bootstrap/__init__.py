"""Everything that start.py and check.py share: a .venv with the locked packages, on the standard library alone."""

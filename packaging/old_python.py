"""What happens under a Python that is too old: a newer one of this system takes over, or a person is told what to do.

This file, start.py and check.py are read by such Pythons, so their syntax stays plain.
"""

import shutil
import subprocess
import sys

REQUIRED = (3, 11)
_NEWEST_MINOR = 19


def newer_python() -> str:
    """The path of a Python that is new enough; empty where there is none."""
    for minor in range(_NEWEST_MINOR, REQUIRED[1] - 1, -1):
        found = shutil.which("python3." + str(minor))
        # Version switchers leave names on the path that only say "not installed".
        if found and subprocess.call([found, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
            return found
    return ""


def go_on_with_newer() -> int:
    """Runs the same command line with a newer Python, or says how to get one. The exit code."""
    found = newer_python()
    if found:
        return subprocess.call([found, *sys.argv])
    this = "Python " + sys.version.split()[0] + " at " + sys.executable
    sys.stderr.write(
        "Interject needs Python 3.11 or newer; this is " + this + ".\n"
        "Debian, Ubuntu: sudo apt-get install python3.11 python3.11-venv; macOS: brew install python@3.13;\n"
        "Windows: winget install Python.Python.3.13; or from python.org. Then type: python3.13 packaging/start.py\n"
    )
    return 1

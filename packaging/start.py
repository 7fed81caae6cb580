"""Starts Interject; the first time it also sets everything up.

    python3 packaging/start.py                 the window          (Windows: py packaging\\start.py)
    python3 packaging/start.py --rehearse      arguments go to `interject run`
    python3 packaging/start.py doctor          another command of `interject`
    python3 packaging/start.py --setup-only    sets up and ends
"""

import sys

from old_python import REQUIRED, go_on_with_newer

if __name__ == "__main__":
    if sys.version_info < REQUIRED:
        sys.exit(go_on_with_newer())
    from bootstrap.launch import main

    sys.exit(main(sys.argv[1:]))

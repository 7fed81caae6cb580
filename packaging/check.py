"""Sets up like start.py, adds the test tools, and checks everything: style, types, floors, tests, documents.

    python3 packaging/check.py          all of it
    python3 packaging/check.py --fast   without the tests on a virtual sound server and screen

Every step runs even when one before it failed. The last line is the count; the exit code is not 0 when anything failed.
"""

import sys

from old_python import REQUIRED, go_on_with_newer

if __name__ == "__main__":
    if sys.version_info < REQUIRED:
        sys.exit(go_on_with_newer())
    from bootstrap.checks import main

    sys.exit(main(sys.argv[1:]))

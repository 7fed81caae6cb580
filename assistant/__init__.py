"""Interject: an offline desktop voice assistant that you can interrupt."""

import os

# From 1.29 on onnxruntime tells its makers what it runs, and keeps an identifier on the disk for it, unless it finds
# this when it is first imported; so it stands here, before anything else of the package.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

"""The QThreads, and nothing else starts a thread."""

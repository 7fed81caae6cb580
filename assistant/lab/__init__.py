"""Replay, scenarios and scoring: headless and free of Qt."""

"""The turn-taking core: pure, deterministic, frame-driven."""

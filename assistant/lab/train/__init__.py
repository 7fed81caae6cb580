"""Trains the learned detector from folders of sound. Needs torch; nothing of the running app imports this package."""

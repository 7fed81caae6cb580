"""Windows and widgets: they pull snapshots at most 30 times a second and are never in the audio path."""

"""The models: what there is, what is on disk, and how it gets there."""

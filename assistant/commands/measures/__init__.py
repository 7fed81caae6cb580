"""What `bench` measures: one module a part, each a function that yields figures."""

"""What `doctor` looks at: one module a field, each check a function that yields findings and never raises."""

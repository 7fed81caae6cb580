"""Partners that answer: the rehearsal coach."""

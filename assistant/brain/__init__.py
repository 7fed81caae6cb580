"""Partners that answer: a language model, and the rehearsal coach."""

"""Where the master slider's table comes from: settings tried on recorded scenarios, and a walk along the best."""

"""The sound device, its callback, playout and the front end."""

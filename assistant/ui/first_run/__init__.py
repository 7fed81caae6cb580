"""The first run: microphone, room, models, talk."""

"""Adapters that hear and speak: Silero, eSpeak NG."""

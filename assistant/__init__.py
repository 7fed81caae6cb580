"""Interject: an offline desktop voice assistant that you can interrupt."""

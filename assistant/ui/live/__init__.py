"""The live panel: waveform, probability with draggable thresholds, state ribbon, cards, tuning."""

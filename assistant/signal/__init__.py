"""Pure numpy on sound: rings, decimation, levels, ramps, the linear echo filter, peaks for drawing."""

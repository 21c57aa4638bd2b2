"""What sightline's verdicts and second looks are worth, measured on drawn scenes whose truth is known (scripts/eval)."""

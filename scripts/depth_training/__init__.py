"""Training of the demo depth network: a small U-Net on perspective scenes, whose depth is known exactly."""

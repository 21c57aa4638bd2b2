"""Files become Pictures here, and Pictures become the rasters a model is shown. Decoded once, upright, RGB."""

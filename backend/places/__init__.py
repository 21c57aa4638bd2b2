"""What became of places: memory held against geometry and against the pictures themselves."""

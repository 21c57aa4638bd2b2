"""A picture and what was found in it, as terminal cells: pure functions from values to values, no widget and no thread."""

"""The app's widgets, each with its style sheet beside it."""

"""Answers as files: pictures with their findings drawn in."""

"""Geometry that knows no model: where boxes lie to each other, and how solid ones look through a camera. Stdlib only."""

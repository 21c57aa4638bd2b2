"""Everything sightline knows that is not a screen: pictures, models, inference, answers and their evidence.

The package is a house of rooms (see docs/architecture.md); imports between rooms go down only, and import-linter checks it.
"""

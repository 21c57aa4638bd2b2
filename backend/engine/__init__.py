"""Pictures and a prompt in, token events out. The engine does not know what a box is."""

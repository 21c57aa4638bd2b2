"""The terminal app: files, the picture with its evidence, the conversation."""

import os

# Textual draws at most 60 times a second, and a key that follows upon a drawing waits for the next turn: up to 16 ms, which is
# all that it has. That is so in dialogs; the main screen waits for no turn (`screens.swift`). No part of the screen is drawn of
# its own accord more often than 20 times a second.
os.environ.setdefault("TEXTUAL_FPS", "240")

"""The terminal app: files, the picture with its evidence, the conversation."""

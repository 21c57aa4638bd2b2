"""Models that a server has: the Engine protocol, spoken to any OpenAI-compatible endpoint that takes pictures."""

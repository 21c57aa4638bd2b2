"""What the terminal can show: decided from the environment, and asked of the terminal itself."""

from backend.terminal.environment import Depth, Terminal, depth, has_unicode

__all__ = ["Depth", "Terminal", "depth", "has_unicode"]

"""What the terminal can show: decided from the environment, and asked of the terminal itself."""

from backend.terminal.environment import GRAPHICS, Depth, Graphics, Terminal, depth, has_unicode

__all__ = ["GRAPHICS", "Depth", "Graphics", "Terminal", "depth", "has_unicode"]

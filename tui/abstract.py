"""Abstract parts of the app: Textual's classes have a metaclass of their own, which `abc.ABC` cannot stand beside.

A class made with `Abstract` marks with `abc.abstractmethod` what the class built on it has to tell; one that leaves some of it
out cannot be made, which the type checker says before the program does.
"""

from __future__ import annotations

from abc import ABCMeta

from textual.message_pump import _MessagePumpMeta


class Abstract(_MessagePumpMeta, ABCMeta):
    """Textual's metaclass, and that of abstract classes."""

"""The one registry of actions: bindings, footer, help, command palette and documentation are all made from it.

An action names the method `action_<name>` of the widget or screen in whose `Where` it lives. What is not listed here
cannot be done by key, and what is listed is in the help.
"""

from tui.actions.action import Action, Where
from tui.actions.keys import shown_keys, spelled
from tui.actions.registry import ACTIONS, bindings, dialog_bindings

__all__ = ["ACTIONS", "Action", "Where", "bindings", "dialog_bindings", "shown_keys", "spelled"]

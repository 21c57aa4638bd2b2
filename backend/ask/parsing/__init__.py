"""What models write → findings: every form that Qwen's vision models were seen to answer in, read while it streams."""

from backend.ask.parsing.findings import REPEATED, FindingParser

__all__ = ["REPEATED", "FindingParser"]

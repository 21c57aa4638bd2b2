"""What scripts/eval measures."""

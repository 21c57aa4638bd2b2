"""What was asked and answered, kept across runs."""

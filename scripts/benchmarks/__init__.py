"""What `scripts/bench` measures, against whom, and the table it makes of it. Never a test: a busy machine must not fail one."""

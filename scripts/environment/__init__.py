"""Set-up of the environment of `scripts/run` and `scripts/test`; standard library only, as nothing is installed before it."""

"""Settings that every test shares."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# A timing is a benchmark, never a test: on a busy machine hypothesis's deadline and its slowness check fail by chance.
settings.register_profile("sightline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sightline")

"""What the tests of the agreement share."""

from hypothesis import HealthCheck, settings

# Drawing an agreement takes milliseconds; on a busy machine that is no finding.
settings.register_profile("agreement", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("agreement")

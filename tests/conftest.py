"""What all tests may ask for."""

from hypothesis import HealthCheck, settings

from tests.services import _sqlite_blueprint, database_url, postgres_server, postgres_url, redis_url, sqlite_url

__all__ = ["_sqlite_blueprint", "database_url", "postgres_server", "postgres_url", "redis_url", "sqlite_url"]

# A loaded machine is slow, not wrong: properties are judged by what they say, never by how long they took.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")

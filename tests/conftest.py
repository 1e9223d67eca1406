"""What all tests may ask for."""

import os

# Tests run side by side: networks whose threads wait for each other's cores are many times slower than with one thread.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from hypothesis import HealthCheck, settings

from tests.services import _sqlite_blueprint, database_url, postgres_server, postgres_url, redis_url, sqlite_url

__all__ = ["_sqlite_blueprint", "database_url", "postgres_server", "postgres_url", "redis_url", "sqlite_url"]

# A loaded machine is slow, not wrong: properties are judged by what they say, never by how long they took.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")

"""What all tests may ask for."""

from tests.services import _sqlite_blueprint, database_url, postgres_server, postgres_url, redis_url, sqlite_url

__all__ = ["_sqlite_blueprint", "database_url", "postgres_server", "postgres_url", "redis_url", "sqlite_url"]

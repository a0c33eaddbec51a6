from tests.stores import address, database, postgres_cluster, sqlite_template

__all__ = ["address", "database", "postgres_cluster", "sqlite_template"]

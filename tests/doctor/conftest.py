from tests.stores import (
    address,
    bare_address,
    database,
    postgres_address,
    postgres_cluster,
    sqlite_template,
)

__all__ = ["address", "bare_address", "database", "postgres_address", "postgres_cluster", "sqlite_template"]

from tests.store.serving_processes import brisk, start
from tests.stores import (
    address,
    bare_address,
    database,
    postgres_address,
    postgres_bare_address,
    postgres_cluster,
    sqlite_template,
)

__all__ = [
    "address",
    "bare_address",
    "brisk",
    "database",
    "postgres_address",
    "postgres_bare_address",
    "postgres_cluster",
    "sqlite_template",
    "start",
]

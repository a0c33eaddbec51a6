from tests.play.fixtures import contents
from tests.stores import address, database, postgres_cluster, sqlite_template

__all__ = ["address", "contents", "database", "postgres_cluster", "sqlite_template"]

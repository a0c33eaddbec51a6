from tests.play.fixtures import contents
from tests.stores import postgres_address, postgres_cluster

__all__ = ["contents", "postgres_address", "postgres_cluster"]

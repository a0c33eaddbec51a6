from tests.stores import postgres_address, postgres_cluster

__all__ = ["postgres_address", "postgres_cluster"]

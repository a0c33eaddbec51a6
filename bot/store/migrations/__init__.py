"""Alembic migrations: how a database gets from any released schema to this one."""

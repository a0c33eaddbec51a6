"""Where everything is kept: SQLAlchemy Core over SQLite (one process) or PostgreSQL (many)."""

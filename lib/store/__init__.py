"""The only door to DuckDB."""

from lib.store.database import Database, default_path

__all__ = ["Database", "default_path"]

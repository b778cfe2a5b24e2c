"""Content-addressed files (photos, posters, exports) under settings.files, and the table that knows them."""

from shared.files.store import StoredFile, check_uploads, find, open_path, store

__all__ = ["StoredFile", "check_uploads", "find", "open_path", "store"]

"""What a person can do with a record: file, decide, read, import, draw."""

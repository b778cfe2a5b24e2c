"""SQL of the roster: the directory as records of codes (load), rows written back (write), pages of lists (pages)."""

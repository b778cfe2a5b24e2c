"""Pure: what may be written down, and whether a half-day was attended."""

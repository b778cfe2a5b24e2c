"""One function per thing that can happen: planned, sent, closed, read."""

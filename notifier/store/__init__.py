"""SQL of the notifier's own tables, and what its decisions read from the rest of the house."""

"""Reminders: who is owed what, wording, the inbox."""

"""Pure: who is owed which reminder, and its exact words."""

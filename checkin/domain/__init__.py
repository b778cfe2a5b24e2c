"""Pure: codes, tickets, what a scan proves, and the verdict. Standard library and shared.attendance only."""

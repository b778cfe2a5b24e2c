"""Spot checks: seeds, plans, issue, answers, decisions (evidence.md §10)."""

"""What an office records about one posting (/sup/people/<posting>/…), and the doubts it decides: flags, objections."""

from checkin.routes.desk import arrivals, corrections, flags, notes, objections, orders, posters, visits

__all__ = ["arrivals", "corrections", "flags", "notes", "objections", "orders", "posters", "visits"]

"""records: what rules ask for beside attendance and work log. One table, one declaration per kind."""

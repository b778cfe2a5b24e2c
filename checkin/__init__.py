"""checkin: QR attendance. Codes and scans become facts of the ledger; leave is asked for and decided here."""

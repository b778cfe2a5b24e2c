"""One function per thing a physician writes down; one transaction each."""

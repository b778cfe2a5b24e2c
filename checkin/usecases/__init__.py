"""One function per thing a person can do at a clinic's code; one transaction each."""

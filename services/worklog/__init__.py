"""worklog: what a posted physician did. Outpatient half-days, diaries with activities, photos."""

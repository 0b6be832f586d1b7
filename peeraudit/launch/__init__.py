"""Set-up, supervisor and the checks behind the two commands."""

"""Who reviews what: eligibility, the exact plan, what cannot be placed and why."""

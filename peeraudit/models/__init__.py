"""Tables, keys and constraints."""

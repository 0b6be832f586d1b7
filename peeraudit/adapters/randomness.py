"""Where does chance come from?"""

import secrets


def new_seed() -> str:
    """Return a fresh seed for a draw: 64 hexadecimal characters, 256 bits."""
    return secrets.token_hex(32)


def new_token() -> str:
    """Return a fresh secret for a person or a machine: 43 URL-safe characters, 256 bits."""
    return secrets.token_urlsafe(32)


def new_bytes(count: int) -> bytes:
    """Return ``count`` unforeseeable bytes, in bytes, at least 1."""
    return secrets.token_bytes(count)

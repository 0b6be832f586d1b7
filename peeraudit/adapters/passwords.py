"""How are passwords and tokens kept so that a stolen database gives none away?"""

import hashlib
import hmac

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

# OWASP's second profile: 19 MiB and 2 passes, about 20 ms a sign-in.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Checked when the account does not exist, so that both refusals take as long.
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its salt and parameters."""
    return _hasher.hash(password)


def is_right_password(password: str, password_hash: str | None) -> bool:
    """Return whether ``password`` is the one that was hashed; no account takes as long."""
    try:
        right = _hasher.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(right) and password_hash is not None


def fingerprint(secret: str) -> str:
    """Return the SHA-256 of a random secret or a key, 64 hexadecimal characters."""
    return hashlib.sha256(secret.encode()).hexdigest()


def installation_key(purpose: str) -> bytes:
    """Return a key of this installation for one purpose, 32 bytes; others tell nothing of it."""
    secret: str = current_app.config["SECRET_KEY"]
    return hmac.new(secret.encode(), f"peeraudit/{purpose}/v1".encode(), hashlib.sha256).digest()

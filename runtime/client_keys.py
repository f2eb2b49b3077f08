"""Keys of clients: made at random, or, for the stack's own command line, of its master key."""

import base64
import secrets

from adapters.keys.secrets import HmacHash
from intake.clients import NewKey

LOCAL = "local"
"""The client a stack of one's own comes with."""


def new_client_key() -> NewKey:
    """192 bits that nobody can guess, under an id that may be told."""
    return NewKey(key_id=secrets.token_hex(4), secret=secrets.token_hex(24))


def new_webhook_secret() -> str:
    """As the Standard Webhooks convention writes them."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def local_key(master_key: str) -> NewKey:
    """Whoever holds the master key can read everything anyway."""
    keyed_hash = HmacHash(base64.b64decode(master_key))
    made = keyed_hash.digest(purpose="local-client", content=LOCAL.encode()).hex()
    return NewKey(key_id=made[:8], secret=made[8:56])

"""AES-GCM, HMAC and Ed25519 from one master key and one signing key."""

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12


class WrongMasterKeyError(Exception):
    """A stored key does not open under this master key."""


def derived_key(master_key: bytes, *, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(
        master_key
    )


class AesCipher:
    """Seals texts under one subject's key. The subject is bound in: a swapped text fails."""

    def __init__(self, *, key: bytes, subject: str) -> None:
        self._aes = AESGCM(key)
        self._subject = subject.encode()

    def seal(self, text: str) -> str:
        return base64.b64encode(self.seal_bytes(text.encode())).decode()

    def unseal(self, sealed: str) -> str:
        return self.unseal_bytes(base64.b64decode(sealed)).decode()

    def seal_bytes(self, content: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._aes.encrypt(nonce, content, self._subject)

    def unseal_bytes(self, sealed: bytes) -> bytes:
        return self._aes.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._subject)


class KeyWrapper:
    """Makes subject keys, and keeps them only encrypted under the master key."""

    def __init__(self, master_key: bytes) -> None:
        self._aes = AESGCM(derived_key(master_key, purpose="raccord/subject-keys"))

    def new_wrapped_key(self, subject: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        key = AESGCM.generate_key(KEY_BYTES * 8)
        return nonce + self._aes.encrypt(nonce, key, subject.encode())

    def cipher(self, *, wrapped: bytes, subject: str) -> AesCipher:
        try:
            key = self._aes.decrypt(
                wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], subject.encode()
            )
        except InvalidTag as exc:
            raise WrongMasterKeyError(
                "personal data in this ledger was sealed under another master key; "
                "set RACCORD_MASTER_KEY to the key this ledger was made with"
            ) from exc
        return AesCipher(key=key, subject=subject)


class HmacHash:
    """Keyed hashes, one derived key per purpose."""

    def __init__(self, master_key: bytes) -> None:
        self._master_key = master_key
        self._keys: dict[str, bytes] = {}

    def digest(self, *, purpose: str, content: bytes) -> bytes:
        key = self._keys.get(purpose)
        if key is None:
            key = derived_key(self._master_key, purpose=f"raccord/keyed-hash/{purpose}")
            self._keys[purpose] = key
        return hmac.digest(key, content, hashlib.sha256)


class Ed25519Signer:
    """Signs seals; the id of a key is the start of the hash of its public half."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = self._private.public_key()
        self.key_id = hashlib.sha256(self._public.public_bytes_raw()).hexdigest()[:16]

    def sign(self, content: bytes) -> bytes:
        return self._private.sign(content)

    def signed(self, content: bytes, signature: bytes, *, key_id: str) -> bool:
        if key_id != self.key_id:
            return False
        try:
            self._public.verify(signature, content)
        except InvalidSignature:
            return False
        return True

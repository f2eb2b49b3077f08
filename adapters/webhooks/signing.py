"""Signatures of the Standard Webhooks convention: what a receiver checks before it believes us."""

import base64
import hashlib
import hmac

SECRET_MARK = "whsec_"  # noqa: S105  a prefix, no secret


def signature(secret: str, *, message_id: str, timestamp: int, body: str) -> str:
    """`v1,…` over id, timestamp and body, under the bytes the secret stands for."""
    key = base64.b64decode(secret.removeprefix(SECRET_MARK))
    content = f"{message_id}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()


def signed_headers(
    secrets: tuple[str, ...], *, message_id: str, timestamp: int, body: str
) -> dict[str, str]:
    """Signed with every secret that is still good: a receiver may turn over at its own pace."""
    signatures = (
        signature(secret, message_id=message_id, timestamp=timestamp, body=body)
        for secret in secrets
    )
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }

"""One secret, both ways: what we ask is signed, and what we are told is checked."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

AGE_MAX = timedelta(minutes=5)
"""How far from our hour a signature may be, either way. A default of ours."""
_PART = re.compile(r"(t|v1)=([0-9a-f]{1,64})")


@dataclass(frozen=True, kw_only=True)
class Signing:
    account: str
    secret: str

    def __repr__(self) -> str:
        return f"Signing({self.account})"

    def headers(self, method: str, path: str, body: bytes, *, at: datetime) -> dict[str, str]:
        """Of a request of ours: over the second, the method, the path and the body."""
        second = int(at.timestamp())
        content = f"{second}.{method}.{path}.".encode() + body
        return {"X-Account": self.account, "X-Signature": f"t={second},v1={self._of(content)}"}

    def webhook_header(self, body: bytes, *, at: datetime) -> str:
        second = int(at.timestamp())
        return f"t={second},v1={self._of(f'{second}.'.encode() + body)}"

    def is_theirs(self, header: str, body: bytes, *, now: datetime) -> bool:
        """One of several `v1` is enough: they may turn their secret over at their own pace."""
        parts = [_PART.fullmatch(part.strip()) for part in header.split(",")]
        named = [match.groups() for match in parts if match is not None]
        seconds = [value for name, value in named if name == "t" and _is_second(value)]
        if len(seconds) != 1:
            return False
        second = int(seconds[0])
        expected = self._of(f"{seconds[0]}.".encode() + body).encode()
        given = [value for name, value in named if name == "v1"]
        signed = [hmac.compare_digest(value.encode(), expected) for value in given]
        return any(signed) and abs(now.timestamp() - second) <= AGE_MAX.total_seconds()

    def _of(self, content: bytes) -> str:
        return hmac.new(self.secret.encode(), content, hashlib.sha256).hexdigest()


def _is_second(text: str) -> bool:
    return text.isdigit() and len(text) <= len("9999999999")

"""Tokens of an OpenID Connect issuer: its keys fetched and kept a while, its claims checked.

A person is known by the issuer's own subject, never by a name or an address; what they may do comes
from one claim, whose orders they see from another.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from domain.callers import Caller, CallersUnavailableError, CallerUnknownError
from domain.clients import NAME, Role
from domain.clock import Technical

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "Ed25519", "EdDSA")
"""Signatures by a key pair; a secret shared with the issuer would let us forge its tokens."""
KEYS_KEPT = Technical(timedelta(minutes=10))
KEYS_GOOD = Technical(timedelta(hours=12))
"""How long keys are good while the issuer does not answer. A default of ours."""
ASKED_AGAIN_AFTER = Technical(timedelta(seconds=10))
"""A token of an unknown key makes us ask for new ones, but no more often than that."""
LEEWAY_SECONDS = 30
_SUBJECT_MAX = 80
_TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5, sock_connect=5, sock_read=5)


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """Where tokens come from, whom they are for, and which claims say what."""

    url: str
    audience: str
    roles_claim: str
    partner_claim: str
    per_minute: int


@dataclass(kw_only=True)
class IssuedTokens:
    issuer: Issuer
    session: aiohttp.ClientSession
    _keys: KeySet | None = None
    _fetched: datetime | None = None
    _asked: datetime | None = None
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _registry: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self._registry = {
            "iss": {"essential": True, "value": self.issuer.url},
            "aud": {"essential": True, "value": self.issuer.audience},
            "exp": {"essential": True},
            "sub": {"essential": True},
        }

    async def holder(self, token: str, *, wall: datetime) -> Caller:
        claims = await self._claims(token, wall)
        return _caller(claims, self.issuer)

    async def _claims(self, token: str, wall: datetime) -> Mapping[str, Any]:
        try:
            return self._checked(token, await self._current_keys(wall), wall)
        except InvalidKeyIdError:
            pass  # the issuer may have turned its keys over since
        except (JoseError, ValueError) as exc:
            raise _refused(exc) from exc
        try:
            return self._checked(token, await self._newer_keys(wall), wall)
        except (JoseError, ValueError) as exc:
            raise _refused(exc) from exc

    def _checked(self, token: str, keys: KeySet, wall: datetime) -> Mapping[str, Any]:
        try:
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        except (TypeError, RecursionError) as exc:
            raise ValueError("its header is no header") from exc
        registry = jwt.JWTClaimsRegistry(
            now=int(wall.timestamp()), leeway=LEEWAY_SECONDS, **self._registry
        )
        registry.validate(claims)
        return claims

    async def _current_keys(self, wall: datetime) -> KeySet:
        return await self._keys_not_older_than(KEYS_KEPT, wall)

    async def _newer_keys(self, wall: datetime) -> KeySet:
        return await self._keys_not_older_than(ASKED_AGAIN_AFTER, wall)

    async def _keys_not_older_than(self, span: Technical, wall: datetime) -> KeySet:
        """Asked by one at a time; keys that were good go on being so while the issuer is silent."""
        async with self._asking:
            if self._keys is not None and not _is_past(self._fetched, span, wall):
                return self._keys
            if _is_past(self._asked, ASKED_AGAIN_AFTER, wall):
                self._asked = wall
                try:
                    return await self._fetch(wall)
                except CallersUnavailableError:
                    if self._keys is None or _is_past(self._fetched, KEYS_GOOD, wall):
                        raise
            if self._keys is None:
                raise CallersUnavailableError("the issuer of tokens gave no keys a moment ago")
            return self._keys

    async def _fetch(self, wall: datetime) -> KeySet:
        try:
            self._keys = KeySet.import_key_set(await self._document(await self._where_keys_are()))
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, JoseError) as exc:
            raise CallersUnavailableError(
                f"the issuer of tokens gives no keys ({type(exc).__name__})"
            ) from exc
        self._fetched = wall
        return self._keys

    async def _where_keys_are(self) -> str:
        described = await self._document(f"{self.issuer.url}/.well-known/openid-configuration")
        if described.get("issuer") != self.issuer.url:
            raise ValueError("it calls itself by another name")
        return str(described["jwks_uri"])

    async def _document(self, url: str) -> Any:  # noqa: ANN401  any JSON object
        async with self.session.get(url, timeout=_TIMEOUT, allow_redirects=False) as response:
            response.raise_for_status()
            document = await response.json(content_type=None)
        if not isinstance(document, dict):
            raise ValueError("no JSON object")  # noqa: TRY004  somebody's answer, no fault of ours
        return document


def _is_past(instant: datetime | None, span: Technical, wall: datetime) -> bool:
    return instant is None or wall - instant > span.span


def _refused(exc: Exception) -> CallerUnknownError:
    if isinstance(exc, ExpiredTokenError):
        return CallerUnknownError("this token has ended: ask its issuer for a new one")
    return CallerUnknownError(
        f"this token is not one of our issuer's, signed for us ({type(exc).__name__})"
    )


def _caller(claims: Mapping[str, Any], issuer: Issuer) -> Caller:
    subject = str(claims["sub"])
    if "@" in subject or not subject.isprintable() or not 0 < len(subject) <= _SUBJECT_MAX:
        raise CallerUnknownError(
            "the subject of this token is an address or no plain id: have the issuer send an "
            "opaque one"
        )
    partner = _partner(claims, issuer.partner_claim)
    return Caller(
        name=f"oidc:{subject}",
        client=partner or f"oidc:{subject}",
        roles=_roles(claims.get(issuer.roles_claim)),
        own_orders_only=partner is not None,
        per_minute=issuer.per_minute,
    )


def _partner(claims: Mapping[str, Any], claim: str) -> str | None:
    """Absent, its holder is one of ours; there and unreadable, it is nobody we know."""
    if claim not in claims:
        return None
    name = claims[claim]
    if not isinstance(name, str) or re.fullmatch(NAME, name) is None:
        raise CallerUnknownError(
            f"the claim {claim} of this token names no client: have the issuer send its name, or "
            "leave the claim out"
        )
    return name


def _roles(claim: object) -> frozenset[Role]:
    """Those of ours among the words of a list or of a text; an issuer has many others."""
    words = claim.split() if isinstance(claim, str) else claim if isinstance(claim, list) else ()
    return frozenset(Role(word) for word in words if word in set(Role))

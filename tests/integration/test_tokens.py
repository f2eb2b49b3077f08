"""Tokens of an OpenID Connect issuer, served on a real socket: who they let in, and who not."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from adapters.oidc.issuer import IssuedTokens, Issuer
from domain.callers import CallersUnavailableError, CallerUnknownError
from domain.clients import Role
from tests.clusters import free_port

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SOON = int((NOW + timedelta(minutes=5)).timestamp())


def _key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


@dataclass
class FakeIssuer:
    """The far side: an issuer of tokens with its discovery document and its keys."""

    url: str
    keys: list[ECKey] = field(default_factory=lambda: [_key("k-1")])
    asked: int = 0
    calls_itself: str | None = None
    broken: bool = False

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/keys", self._keys)
        return app

    async def _discovery(self, _request: web.Request) -> web.Response:
        if self.broken:
            return web.Response(status=500)
        return web.json_response(
            {"issuer": self.calls_itself or self.url, "jwks_uri": f"{self.url}/keys"}
        )

    async def _keys(self, _request: web.Request) -> web.Response:
        self.asked += 1
        return web.json_response(KeySet([*self.keys]).as_dict(private=False))

    def token(self, *, key: ECKey | None = None, **claims: Any) -> str:  # noqa: ANN401  any JSON
        signing = key or self.keys[-1]
        said = {
            "iss": self.url,
            "aud": "raccord",
            "sub": "u-7",
            "exp": SOON,
            "roles": ["operations", "dancing"],
            **claims,
        }
        kept = {name: value for name, value in said.items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": signing.kid}, kept, signing)


@pytest.fixture
async def issuer() -> AsyncIterator[FakeIssuer]:
    port = free_port()
    issuer = FakeIssuer(url=f"http://127.0.0.1:{port}")
    runner = web.AppRunner(issuer.app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield issuer
    await runner.cleanup()


@pytest.fixture
async def tokens(issuer: FakeIssuer) -> AsyncIterator[IssuedTokens]:
    described = Issuer(
        url=issuer.url,
        audience="raccord",
        roles_claim="roles",
        partner_claim="partner",
        per_minute=60,
    )
    async with aiohttp.ClientSession() as session:
        yield IssuedTokens(issuer=described, session=session)


async def test_a_token_says_who_and_what_for(issuer: FakeIssuer, tokens: IssuedTokens) -> None:
    caller = await tokens.holder(issuer.token(), wall=NOW)

    assert (caller.name, caller.client) == ("oidc:u-7", "oidc:u-7")
    assert caller.roles == {Role.OPERATIONS}
    assert not caller.own_orders_only


async def test_a_partners_colleague_sees_the_partners_orders(
    issuer: FakeIssuer, tokens: IssuedTokens
) -> None:
    token = issuer.token(partner="acme", roles="intake audit")

    caller = await tokens.holder(token, wall=NOW)

    assert (caller.name, caller.client, caller.own_orders_only) == ("oidc:u-7", "acme", True)
    assert caller.roles == {Role.INTAKE, Role.AUDIT}


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-api"},
        {"aud": None},
        {"exp": None},
        {"sub": None},
        {"nbf": SOON},
        {"sub": "camille@example.fr"},
        {"sub": ""},
        {"sub": "x" * 81},
        {"partner": ""},
        {"partner": ["acme"]},
        {"partner": "Acme & Cie"},
    ],
    ids=lambda claims: ", ".join(f"{name}={value}" for name, value in claims.items())[:40],
)
async def test_a_token_for_somebody_else_or_about_a_name_lets_nobody_in(
    issuer: FakeIssuer, tokens: IssuedTokens, claims: dict[str, Any]
) -> None:
    with pytest.raises(CallerUnknownError):
        await tokens.holder(issuer.token(**claims), wall=NOW)


async def test_a_token_that_has_ended_says_so(issuer: FakeIssuer, tokens: IssuedTokens) -> None:
    with pytest.raises(CallerUnknownError, match="ask its issuer for a new one"):
        await tokens.holder(issuer.token(), wall=NOW + timedelta(hours=1))


async def test_a_forged_token_lets_nobody_in(issuer: FakeIssuer, tokens: IssuedTokens) -> None:
    forged = _key("k-1")
    unsigned = "eyJhbGciOiJub25lIn0." + issuer.token().split(".")[1] + "."

    for token in (issuer.token(key=forged), unsigned, "nonsense", "a.b.c"):
        with pytest.raises(CallerUnknownError):
            await tokens.holder(token, wall=NOW)


async def test_keys_are_kept_and_asked_for_again_when_they_are_turned_over(
    issuer: FakeIssuer, tokens: IssuedTokens
) -> None:
    for _ in range(3):
        await tokens.holder(issuer.token(), wall=NOW)
    assert issuer.asked == 1
    issuer.keys.append(_key("k-2"))

    with pytest.raises(CallerUnknownError):
        await tokens.holder(issuer.token(), wall=NOW + timedelta(seconds=5))
    caller = await tokens.holder(issuer.token(), wall=NOW + timedelta(seconds=11))

    assert caller.name == "oidc:u-7"
    assert issuer.asked == 2


async def test_a_stranger_with_odd_keys_cannot_make_us_ask_without_end(
    issuer: FakeIssuer, tokens: IssuedTokens
) -> None:
    await tokens.holder(issuer.token(), wall=NOW)

    for _ in range(20):
        with pytest.raises(CallerUnknownError):
            await tokens.holder(issuer.token(key=_key("odd")), wall=NOW)

    assert issuer.asked == 1


async def test_keys_that_were_good_go_on_being_so_while_the_issuer_is_silent(
    issuer: FakeIssuer, tokens: IssuedTokens
) -> None:
    await tokens.holder(issuer.token(), wall=NOW)
    issuer.broken = True
    later = int((NOW + timedelta(days=2)).timestamp())

    for hours in (1, 11):
        at = NOW + timedelta(hours=hours)
        assert (await tokens.holder(issuer.token(exp=later), wall=at)).name == "oidc:u-7"
    with pytest.raises(CallersUnavailableError):
        await tokens.holder(issuer.token(exp=later), wall=NOW + timedelta(hours=13))


@pytest.mark.parametrize("head", [b'"alg"', b'{"alg":"ES256","crit":1}', b"[]"])
async def test_a_token_with_an_odd_head_lets_nobody_in(
    issuer: FakeIssuer, tokens: IssuedTokens, head: bytes
) -> None:
    text = base64.urlsafe_b64encode(head).decode().rstrip("=")
    with pytest.raises(CallerUnknownError):
        await tokens.holder(f"{text}.{issuer.token().split('.', 1)[1]}", wall=NOW)


async def test_an_issuer_that_does_not_answer_is_no_reason_to_refuse_somebody_for_good(
    issuer: FakeIssuer, tokens: IssuedTokens
) -> None:
    issuer.broken = True
    with pytest.raises(CallersUnavailableError):
        await tokens.holder(issuer.token(), wall=NOW)
    issuer.broken, issuer.calls_itself = False, "https://elsewhere.example"
    with pytest.raises(CallersUnavailableError):
        await tokens.holder(issuer.token(), wall=NOW + timedelta(seconds=11))

"""SFR behind its own wire: JSON orders, tokens that expire, and a feed for whoever asks.

The same order twice under one key is done twice: whoever asks must look it up first.
"""

import base64
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from simulators import sfr_access
from simulators.answers import GARBAGE, Said, sent
from simulators.network import Event, Line, Network, Order
from simulators.photographs import Picture
from simulators.scenarios import GOOD

ZONE = ZoneInfo("Europe/Paris")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EFFECTS = {
    "RESERVATION_SIM": "prepare",
    "RESERVATION_ESIM": "prepare",
    "ACTIVATION_PORTAGE": "switch",
    "ACTIVATION_NUMERO_NEUF": "give",
    "RESILIATION": "release",
    "SUSPENSION": "suspend",
    "REMISE_EN_SERVICE": "resume",
    "ANNULATION": "withdraw",
}
TYPES = {
    "prepare": "SIM_PRETE",
    "switch": "LIGNE_BASCULEE",
    "give": "NUMERO_ATTRIBUE",
    "release": "LIGNE_RESILIEE",
    "suspend": "LIGNE_SUSPENDUE",
    "resume": "LIGNE_RETABLIE",
    "withdraw": "COMMANDE_ANNULEE",
}
ETATS_COMMANDE = {
    "pending": "EN_COURS",
    "done": "TERMINEE",
    "rejected": "REJETEE",
    "withdrawn": "ANNULEE",
}
SITUATIONS = {
    "ordered": "RESERVEE",
    "reserved": "RESERVEE",
    "active": "ACTIVE",
    "suspended": "SUSPENDUE",
    "ended": "RESILIEE",
}
ETATS = {GOOD: "EN_SERVICE", "suspended": "SUSPENDU", "inactive": "HORS_SERVICE"}
CODES = {
    "conflict": "CLE_DEJA_UTILISEE",
    "unknown-line": "LIGNE_INCONNUE",
    "unknown-order": "COMMANDE_INCONNUE",
    "too-late": "COMMANDE_DEJA_TRAITEE",
    "already-suspended": "LIGNE_DEJA_SUSPENDUE",
    "not-suspended": "LIGNE_NON_SUSPENDUE",
    "not-active": "LIGNE_NON_ACTIVE",
    "ended": "LIGNE_RESILIEE",
    "no-number": "LIGNE_SANS_NUMERO",
    "unknown-access": "ACCES_INCONNU",
    "quote-needed": "DEVIS_NON_ACCEPTE",
    "unknown-slot": "CRENEAU_INCONNU",
    "slot-taken": "CRENEAU_PRIS",
    "unknown-visit": "RDV_INCONNU",
    "visit-over": "RDV_CLOS",
    "unknown-photograph": "PHOTO_INCONNUE",
}
TOKEN_SECONDS = 300
PAGE_MAX = 50


@dataclass
class SfrSimulator:
    network: Network = field(init=False)
    client_id: str
    client_secret: str
    tokens: dict[str, float] = field(default_factory=dict)
    feed: list[dict[str, Any]] = field(default_factory=list)
    era: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    """Marks of before a restart are known as such: the feed begins again."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/sfr/oauth2/token", self.token),
            web.post("/sfr/commandes", self.order),
            web.post("/sfr/acces/{quoi}", self.access),
            web.get("/sfr/commandes/par-cle/{cle}", self.status),
            web.post("/sfr/numeros/etat", self.number),
            web.post("/sfr/lignes/{question}", self.question),
            web.get("/sfr/interventions/photos/{photo}", self.photograph),
            web.get("/sfr/changes", self.changes),
        ]

    async def token(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        mine = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {mine}":
            return web.json_response({"error": "invalid_client"}, status=401)
        if form.get("grant_type") != "client_credentials":
            return web.json_response({"error": "unsupported_grant_type"}, status=400)
        token = uuid.uuid4().hex
        self.tokens[token] = time.monotonic() + TOKEN_SECONDS
        given = {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        return web.json_response(given)

    async def order(self, request: web.Request) -> web.StreamResponse:
        async def answer() -> tuple[Said, Any]:
            return self._taken(_order(await request.json()))

        return await self._answered(request, answer, status=201)

    async def access(self, request: web.Request) -> web.StreamResponse:
        async def answer() -> tuple[Said, Any]:
            body = await request.json()
            return self._taken(sfr_access.order(request.match_info["quoi"], body))

        return await self._answered(request, answer, status=201)

    async def status(self, request: web.Request) -> web.StreamResponse:
        async def answer() -> tuple[Said, Any]:
            key = request.match_info["cle"]
            state = self.network.state(key)
            if state == "unknown":
                return Said(kind="no", detail=CODES["unknown-order"]), None
            return Said(kind="yes"), self._known(key, state)

        return await self._answered(request, answer)

    async def number(self, request: web.Request) -> web.StreamResponse:
        async def answer() -> tuple[Said, Any]:
            said = self.network.asked("activity", (await request.json())["numero_mobile"])
            return said, {"etat": ETATS.get(said.detail, "EN_SERVICE")}

        return await self._answered(request, answer)

    async def question(self, request: web.Request) -> web.StreamResponse:
        async def answer() -> tuple[Said, Any]:
            about = request.match_info["question"]
            subject = {"essai": "test", "rio": "rio", "situation": "standing"}[about]
            said, line = self.network.asked_of(subject, (await request.json())["ligneId"])
            return said, None if line is None else self._about(subject, said, line)

        return await self._answered(request, answer)

    async def photograph(self, request: web.Request) -> web.StreamResponse:
        async def answer() -> tuple[Said, Any]:
            return self.network.pictured(request.match_info["photo"])

        return await self._answered(request, answer)

    async def changes(self, request: web.Request) -> web.StreamResponse:
        async def answer() -> tuple[Said, Any]:
            era, _, after = request.query.get("after", "").partition("-")
            begin = int(after) if era == self.era else 0
            limit = min(int(request.query.get("limite", PAGE_MAX)), PAGE_MAX)
            page = self.feed[begin : begin + limit]
            found: dict[str, Any] = {"changements": page}
            if page:
                found["marque"] = page[-1]["marque"]
            return Said(kind="yes"), found

        return await self._answered(request, answer)

    async def tell(self, event: Event) -> None:
        """Nobody is called: it is there for whoever asks."""
        mark = f"{self.era}-{len(self.feed) + 1}"
        self.feed.append({"marque": mark, "evenement": _evenement(self.network, event)})

    def _taken(self, order: Order) -> tuple[Said, Any]:
        said = self.network.take(order)
        return said, {"commandeId": said.detail, "cleUnique": order.key, "statut": "ENREGISTREE"}

    async def _answered(
        self, request: web.Request, answer: Callable[[], Any], *, status: int = 200
    ) -> web.StreamResponse:
        trouble = await self.network.arrive()
        if trouble is not None:
            return _response(trouble, None, status=status)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, 0.0) <= time.monotonic():
            return web.json_response({"codeRejet": "JETON_INVALIDE"}, status=401)
        try:
            said, body = await answer()
        except (KeyError, ValueError, json.JSONDecodeError):
            return web.json_response({"codeRejet": "REQUETE_INVALIDE"}, status=400)
        return await sent(request, _response(said, body, status=status), said)

    def _known(self, key: str, state: str) -> dict[str, Any]:
        known: dict[str, Any] = {
            "commandeId": self.network.reference(key),
            "cleUnique": key,
            "statut": ETATS_COMMANDE[state],
        }
        event = self.network.told.get(key)
        if event is not None:
            known["evenement"] = _evenement(self.network, event)
            if event.code:
                known["codeRejet"] = event.code
        return known

    def _about(self, subject: str, said: Said, line: Line) -> dict[str, str]:
        if subject == "rio":
            return {"rio": self.network.rio(line)}
        if subject == "standing":
            return {"situation": SITUATIONS[line.standing]}
        kind, _, detail = said.detail.partition(":")
        if kind == "failed":
            return {"resultat": "KO", "codeDefaut": detail}
        return {"resultat": "OK", "refEssai": f"E-{line.name}"}


def _order(body: dict[str, Any]) -> Order:
    return Order(
        key=body["cleUnique"],
        effect=EFFECTS[body["nature"]],
        shown=body["nature"],
        line=body["refClient"],
        asked_at=EPOCH + timedelta(milliseconds=body["date_demande"]),
        number=body.get("numero_mobile", ""),
        host_line=body.get("ligneId", ""),
        of=body.get("cle_annulee", ""),
    )


def _evenement(network: Network, event: Event) -> dict[str, Any]:
    order = event.order
    told: dict[str, Any] = {
        "idEvenement": event.id,
        "commandeId": network.reference(order.key),
        "cleUnique": order.key,
        "refClient": order.line,
        "type": "COMMANDE_REJETEE" if event.code else TYPES.get(order.effect),
        "survenu_le": (event.at - EPOCH) // timedelta(milliseconds=1),
    }
    if event.host_line:
        told["ligneId"] = event.host_line
    if event.code:
        told |= {"nature": order.shown, "codeRejet": event.code}
    elif event.outcome is not None:
        told |= sfr_access.told(event.outcome, event.at)
    elif event.outage_from is not None:
        began = event.outage_from.astimezone(ZONE).isoformat()
        told["coupure"] = {"debut": began, "fin": event.at.astimezone(ZONE).isoformat()}
        told["sim_active_le"] = began
    elif order.effect == "give":
        told["numero_mobile"] = event.number
    elif order.effect == "withdraw":
        told["cle_annulee"] = order.of
    return told


def _response(said: Said, body: Any, *, status: int) -> web.Response:  # noqa: ANN401  any JSON
    match said.kind:
        case "yes":
            return _given(body, status=status)
        case "garbage":
            return web.Response(text=GARBAGE, content_type="text/html")
        case "busy":
            return _wait(429, "TROP_DE_REQUETES", said.seconds)
        case "maintenance":
            return _wait(503, "MAINTENANCE", said.seconds)
        case "error":
            return web.json_response({"codeRejet": "ERREUR_INTERNE"}, status=500)
        case _:
            status = 404 if "_INCONNU" in said.detail else 422
            status = 409 if said.detail == CODES["conflict"] else status
            return web.json_response({"codeRejet": said.detail}, status=status)


def _given(body: Any, *, status: int) -> web.Response:  # noqa: ANN401  any JSON, or a picture
    if isinstance(body, Picture):
        return web.Response(body=body.content, content_type=body.media_type)
    return web.json_response(body, status=status)


def _wait(status: int, code: str, seconds: int) -> web.Response:
    return web.json_response(
        {"codeRejet": code}, status=status, headers={"Retry-After": str(seconds)}
    )

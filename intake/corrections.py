"""Corrected data, kept sealed in a stream of its own before anything is asked with it."""

from dataclasses import dataclass
from datetime import datetime

from domain.event import Event
from domain.identity import CorrectionId, correction_id_for, correction_stream, step_command
from ledger.append import Append, CommandStamp, NoStream, StreamAppend
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.line import LineDocument


@dataclass(frozen=True, kw_only=True)
class Keep:
    """Under which key, by whom, when; and what tells this correction from another."""

    content: str
    key: str
    at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class Corrections:
    ledger: Ledger
    keyed_hash: KeyedHash

    async def keep(self, document: LineDocument, event: Event, keep: Keep) -> CorrectionId:
        """The same content under the same key is the same correction."""
        digest = self._digest("correction", keep.content)
        correction = correction_id_for(document.line_id, key=f"{keep.key}/{digest.hex()}")
        command_id = step_command(document.line_id, step=f"correction/{correction}")
        fingerprint = self._digest("command", keep.content)
        await self.ledger.append(
            Append(
                command=CommandStamp(command_id=command_id, fingerprint=fingerprint),
                business_at=keep.at,
                actor=keep.by,
                correlation=str(document.order_id),
                streams=(
                    StreamAppend(
                        stream_id=correction_stream(correction),
                        expected=NoStream(),
                        events=(event,),
                    ),
                ),
            )
        )
        return correction

    def _digest(self, purpose: str, content: str) -> bytes:
        return self.keyed_hash.digest(purpose=purpose, content=content.encode())

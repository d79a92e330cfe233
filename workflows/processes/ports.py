"""Finds ports: free ones below the kernel's ephemeral range, and listening ones of a process."""

import random
import socket
from pathlib import Path

from workflows.errors import StackError

HOST = "127.0.0.1"
_LOWEST = 20_000
_LISTEN = "0A"


class PortTaken(StackError):
    """Someone else listens on the port that was asked for."""


def free_port() -> int:
    """A port nobody listens on now, outside the range that outgoing connections borrow from.

    Another process may still take it first: whoever starts a listener on it tries again then.
    """
    candidates = range(_LOWEST, max(_ephemeral_start(), _LOWEST + 1000))
    for port in random.sample(candidates, 200):
        try:
            listening_socket(port, listen=False).close()
        except PortTaken:
            continue
        return port
    raise PortTaken(f"Of 200 ports tried from {candidates.start} on, none is free.")


def listening_socket(port: int, *, listen: bool = True) -> socket.socket:
    """A socket bound to 127.0.0.1:port (0 = any); raises PortTaken."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
        if listen:
            bound.listen(2048)
    except OSError as error:
        bound.close()
        raise PortTaken(f"Port {port} is taken: {error.strerror}.") from error
    bound.setblocking(False)
    return bound


def listens(pid: int, port: int) -> bool:
    """Whether the process itself, and no stranger, listens on 127.0.0.1:port."""
    inodes = _listening_inodes(port)
    return bool(inodes) and bool(inodes & _socket_inodes(pid))


def _listening_inodes(port: int) -> set[str]:
    wanted = f"0100007F:{port:04X}"
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return {row[9] for row in rows if row[1] == wanted and row[3] == _LISTEN}


def _socket_inodes(pid: int) -> set[str]:
    found = set()
    try:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            target = str(descriptor.readlink())
            if target.startswith("socket:["):
                found.add(target[8:-1])
    except OSError:  # it is gone, or closed the descriptor meanwhile
        pass
    return found


def _ephemeral_start() -> int:
    try:
        return int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except OSError:
        return 32_768

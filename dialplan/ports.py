"""Are the exchange's ports free? Asked before the start: Asterisk itself only logs it and goes on deaf."""

import ipaddress
import socket

from dialplan.settings import AsteriskSettings


def first_busy(settings: AsteriskSettings) -> str | None:
    """One line with cause and remedy for the first port that is taken, None when all are free."""
    wanted = (
        ("sip_port", settings.bind, settings.sip_port, socket.SOCK_DGRAM),
        ("sip_port", settings.bind, settings.sip_port, socket.SOCK_STREAM),
        ("http_port", settings.control_bind, settings.http_port, socket.SOCK_STREAM),
        ("ami_port", settings.control_bind, settings.ami_port, socket.SOCK_STREAM),
    )
    for name, address, port, kind in wanted:
        reason = _refusal(address, port, kind)
        if reason:
            protocol = "UDP" if kind == socket.SOCK_DGRAM else "TCP"
            where = f"{protocol} port {address}:{port}"
            return f"{where} cannot be used ({reason}): end its user or set another {name}"
    return None


def _refusal(address: str, port: int, kind: socket.SocketKind) -> str | None:
    family = socket.AF_INET6 if ipaddress.ip_address(address).version == 6 else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            return error.strerror
    return None

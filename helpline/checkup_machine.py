"""What ``helpline doctor`` looks at outside the project: free ports, and tools."""

import importlib.util
import shutil
import socket

from helpline.app import App
from helpline.finding import Finding, State


def ports(app: App) -> list[Finding]:
    asterisk, desk = app.settings.asterisk, app.settings.desk
    control = asterisk.control_bind
    wanted = (
        ("SIP", socket.SOCK_DGRAM, asterisk.bind, asterisk.sip_port, "[asterisk] sip_port"),
        ("AMI", socket.SOCK_STREAM, control, asterisk.ami_port, "[asterisk] ami_port"),
        ("HTTP of Asterisk", socket.SOCK_STREAM, control, asterisk.http_port, "[asterisk] http_port"),
        ("AGI", socket.SOCK_STREAM, app.settings.agi.host, app.settings.agi.port, "[agi] port"),
        ("desk", socket.SOCK_STREAM, desk.host, desk.port, "[desk] port"),
    )
    return [_port(*each) for each in wanted]


def _port(name: str, kind: socket.SocketKind, host: str, port: int, setting: str) -> Finding:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1 if kind is socket.SOCK_STREAM else 0)
        try:
            probe.bind((host, port))
        except OSError as error:
            text = f"{name} port {host}:{port} is not free ({error.strerror})"
            return Finding(
                State.WARNING, "ports", text, f"a running centre holds it, or choose another: {setting}"
            )
    return Finding(State.OK, "ports", f"{name} {host}:{port} is free")


def tools() -> list[Finding]:
    findings = []
    for command, package, purpose in (
        ("chromium", "chromium", "browser tests"),
        ("npm", "npm", "building the page's packages"),
    ):
        if shutil.which(command):
            findings.append(Finding(State.OK, "tools", f"{command} is here"))
        else:
            findings.append(
                Finding(
                    State.WARNING,
                    "tools",
                    f"{command} is missing ({purpose})",
                    f"sudo apt-get install {package}",
                )
            )
    if importlib.util.find_spec("pjsua2") is None:
        findings.append(
            Finding(State.WARNING, "tools", "no SIP user agent: demo and call need it", "run: make setup")
        )
    return findings

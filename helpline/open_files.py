"""How many files the service may have open: raised at the start to what its settings need."""

from __future__ import annotations

import resource
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpline.finding import Finding, State

if TYPE_CHECKING:
    from helpline.settings import Settings

OWN = 256
"""Databases, logs, the spool, the links to Asterisk, prompts being read."""


@dataclass(frozen=True)
class OpenFiles:
    """What is needed and what was had in the end."""

    needed: int
    allowed: int

    @property
    def enough(self) -> bool:
        """Whether the service can hold as many connections as its settings say."""
        return self.allowed >= self.needed

    def finding(self) -> Finding:
        """For ``helpline doctor``."""
        if self.enough:
            return Finding(State.OK, "open files", f"{self.allowed} allowed, {self.needed} needed")
        return Finding(
            State.WARNING,
            "open files",
            f"{self.allowed} allowed, {self.needed} needed for the connections that the settings allow",
            "raise the hard limit (LimitNOFILE= of systemd, ulimit -Hn), or lower [agi] max_sessions, "
            "max_strangers and [desk] connections",
        )


def needed(settings: Settings) -> int:
    """Files that the settings' connections, and the service itself, need at most."""
    agi = settings.agi.max_sessions + settings.agi.max_strangers
    return agi + settings.desk.connections + settings.records.pool_size * 4 + OWN


def allow(settings: Settings) -> OpenFiles:
    """Raise the limit of this process as far as is needed and the system lets it; never lower it."""
    wanted = needed(settings)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        except (OSError, ValueError):
            soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return OpenFiles(wanted, wanted if soft == resource.RLIM_INFINITY else soft)


def could_allow(settings: Settings) -> OpenFiles:
    """The same, with nothing changed: what a service started like this process would have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = max(soft, hard) if hard != resource.RLIM_INFINITY else hard
    wanted = needed(settings)
    return OpenFiles(wanted, wanted if most == resource.RLIM_INFINITY else most)

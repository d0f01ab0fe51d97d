"""Whether a request comes from this centre's dialplan: it knows the key of the AGI service.

The dialplan never sends the key itself: of application data Asterisk shows everything, in its list of
channels, its CDR and its CEL files. It sends, as ``key`` in the query of the script's address, the SHA-1 of
the key, the step, the call's id and the key again: good for one step of one call alone. The key is in the
secrets file and, for Asterisk, in the generated globals.conf; both are readable by their owner alone.
"""

from __future__ import annotations

import hashlib
import hmac
import logging

from agi import log
from agi.environment import Environment

FIELD = "key"
REMEDY = "apply it (helpline asterisk apply) and reload Asterisk"


class Gate:
    """Looks at the key of each request.

    ``old_dialplan``: the configuration that lies in Asterisk's folder was made by a version that knew of no
    key. Its requests are then taken without one, and told, so that an upgrade costs no conversation; the
    first one with the right key ends that.
    """

    def __init__(self, key: str, *, old_dialplan: bool = False) -> None:
        if not key:
            raise ValueError("the key is empty")
        self._key = key
        self.old_dialplan = old_dialplan

    def refuses(self, environment: Environment, noise: log.Throttle) -> str:
        """Why this request is not taken; "" for one that is."""
        told = environment.query.get(FIELD)
        if told is None:
            if not self.old_dialplan:
                return f"the request has no key: the dialplan is of an earlier version; {REMEDY}"
            noise.event(
                logging.WARNING,
                "dialplan-old",
                reason=f"its requests have no key; {REMEDY}",
            )
            return ""
        right = token(self._key, environment.script, environment.arg(1))
        if not hmac.compare_digest(told.encode("utf-8", "replace"), right.encode()):
            return (
                "the key of the request is wrong: Asterisk's configuration was made with another secrets"
                f" file; use the same secrets.json for both, then {REMEDY}"
            )
        self.old_dialplan = False
        return ""


def token(key: str, script: str, call_id: str) -> str:
    """What the dialplan sends for a step of a call (extensions.d/conversation.conf and ended.conf)."""
    said = f"{key}:{script}:{call_id}:{key}"
    return hashlib.sha1(said.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()

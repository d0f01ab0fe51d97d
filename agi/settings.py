"""Limits of the FastAGI service, each with its reason."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class AgiSettings:
    """Settings of the room `agi` (table ``[agi]`` of helpline.toml). Times are seconds, sizes are bytes.

    Raises ValueError for a value that is not positive or a port outside 0..65535.
    """

    # Asterisk runs on the same machine in a district; nobody else has business here.
    host: str = "127.0.0.1"
    # IANA's port for FastAGI, and what agi:// means without a port. 0 takes any free port (tests).
    port: int = 4573
    # Where Asterisk is, addresses or networks (10.1.0.0/24): nobody else's connection is taken. Empty: this
    # machine (127.0.0.1, ::1) and ``host``, if it is an address.
    asterisk_addresses: tuple[str, ...] = ()
    # Callers of a whole state can arrive within one 100 ms; the kernel cuts this to net.core.somaxconn.
    backlog: int = 1024
    # A session is one step of one call, 300 state seats hold fewer. The open files for all of this are asked
    # of the system at the start.
    max_sessions: int = 800
    # Connections that have not said yet what they want, beside the sessions: all callers of one burst. More,
    # and the one that has been silent longest is closed.
    max_strangers: int = 800
    # Of these from one address: one Asterisk that has gone mad leaves the others their share.
    max_source_strangers: int = 600

    # Asterisk writes its whole environment at once; three seconds forgive a loaded machine, and the dialplan
    # waits no longer for a sign of life.
    handshake_seconds: float = 3.0
    # A real environment is about 700 bytes; eight long arguments still fit.
    environment_bytes: int = 64 * 1024
    # Asterisk's own variables end far below; one reply is the most memory a peer can make us hold.
    reply_bytes: int = 128 * 1024
    # Lines that answer no command. Asterisk sends one HANGUP; a peer that sends this many is broken.
    unasked_lines: int = 64

    # Asterisk answers such commands within milliseconds, or its database disk hangs.
    command_seconds: float = 15.0
    # Longest single prompt (a district's announcement), with the caller's pauses.
    play_seconds: float = 300.0
    # After HANGUP Asterisk ends the pending command at once.
    hangup_reply_seconds: float = 5.0
    # What a conversation may take after a hangup to store what it knows.
    cleanup_seconds: float = 10.0
    # A conversation that asks nothing of Asterisk for so long is stuck, and its caller hears nothing: the
    # dialplan takes over. Records answer in lookup_seconds, sometimes two questions after each other, and the
    # one that waits does so for complaint_wait_seconds.
    silent_seconds: float = 4.0
    # A service that hangs cannot end its conversation: Asterisk takes over so much later, for the whole call.
    stuck_seconds: float = 0.5
    # One step of a call, waiting in a queue not included (the dialplan queues): a step longer is stuck.
    session_seconds: float = 1800.0
    # How often deadlines are looked at: one timer for all sessions instead of one for each command.
    tick_seconds: float = 0.25
    # On stop, callers inside a menu may finish; then the dialplan's own menu takes over.
    drain_seconds: float = 20.0

    # One write to records. Longer means a locked database; the call goes on and the failure is logged.
    record_seconds: float = 5.0
    # How long the last step waits for its facts to be stored: the network hears of our hangup only after it.
    ended_seconds: float = 2.0
    # How long it waits, at that, for a recording to be on the disk: Asterisk writes out the last of it
    # meanwhile. What comes later is found by the catch-up.
    recording_seconds: float = 0.3
    # How long facts are collected before they are stored together: what the desk reads from records is so
    # much older than what it hears from Asterisk; each write costs some milliseconds, however many they are.
    # Every second would cost each call some three milliseconds more; nobody redials sooner than this.
    journal_seconds: float = 2.0
    # Facts waiting in memory because the spool's disk refuses them too: some minutes of a centre's calls.
    journal_entries: int = 10_000
    # How often the facts on disk are tried again: a lock lasts seconds, a full disk until somebody comes.
    spool_retry_seconds: float = 5.0

    # Between the two keys of a district's code pressed at the menu: many have to look for the second.
    code_key_seconds: float = 2.0
    # The key that answered a question, once more at the next one: the same press. Telephones that send a key
    # several times do so within 0.4 s, or, held with a gap, within 1.7 s; the hand that is not sure that it
    # was heard takes about a second. Nobody has heard the next question by then.
    same_key_seconds: float = 2.0
    # From the end of the question to the first key: a villager takes the handset from his ear.
    key_seconds: float = 7.0
    # After the read-back: long enough to object, short enough for those who only listen.
    confirm_seconds: float = 5.0
    # After this centre's own district, of which only the name is said: most who dial it mean it, and who
    # hears a wrong one objects at once.
    own_code_seconds: float = 1.5
    # The caller waits for it: language, last district, his complaint. Records answer within milliseconds.
    lookup_seconds: float = 1.5
    # After so long in a menu no further round begins: a person helps better, and the dialplan waits 180 s.
    menu_seconds: float = 90.0
    # In the queue's menu: who waits for a person is in no hurry to choose, and music goes on after it.
    waiting_seconds: float = 5.0
    # Less than this is a cough or a handset put down. Asterisk leaves one second of the silence in.
    message_shortest_seconds: float = 1.5
    # How often a message may be spoken; the last one counts. The dialplan's time for it allows for three.
    message_takes: int = 3
    # The executive may still be saving when the caller is passed on to hear the number. He waits in silence:
    # after it he is asked for his opinion, and then it is looked for once more.
    complaint_wait_seconds: float = 2.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "port":
                if not 0 <= value <= 65535:
                    raise ValueError(f"port is {value}: give a port from 0 to 65535")
            elif field.name == "host":
                if not value:
                    raise ValueError("host is empty: give an address such as 127.0.0.1")
            elif field.name == "asterisk_addresses":
                _check_addresses(value)
            elif not value > 0:
                raise ValueError(f"{field.name} is {value}: it must be greater than 0")
        for name, times in (("lookup_seconds", 2), ("complaint_wait_seconds", 1), ("ended_seconds", 1)):
            waits = getattr(self, name) * times
            if waits >= self.silent_seconds:
                often = f"{times} times {name}" if times > 1 else name
                raise ValueError(
                    f"silent_seconds is {self.silent_seconds}: it must be greater than {often}, "
                    f"{waits}, or steps that wait so long are ended"
                )


def _check_addresses(addresses: tuple[str, ...]) -> None:
    for one in addresses:
        try:
            ipaddress.ip_network(one, strict=False)
        except ValueError:
            raise ValueError(
                f"asterisk_addresses holds {one!r}: give an IP address or a network such as 10.1.0.0/24"
            ) from None

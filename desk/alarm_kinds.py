"""The kinds of alarms that have texts, the most serious first. Others are shown too, by their name.

===========================  ======================================  ======================================
kind                         subject                                 data (what the texts name)
===========================  ======================================  ======================================
``emergency_failed``         call id                                 target (the number, such as 112)
``emergency_way_failed``       way: first (the trunk) or second        way, status, answer
``emergency_given_up``         call id                                 seconds
``lines_full``               ""                                      call (the last caller's)
``database_lost``            where the database was                  subject
``numbers_missing``          the database's address                  first, last
``database_unwritable``      the database's address                  reason
``directory_missing``        the directory's folder                  reason
``asterisk_away``            Asterisk's address                      minutes
``recordings_unwritable``    the folder                              subject, reason
``recording_missing``        call id                                 subject
``disk_full``                a folder on the disk                    subject, free_mb
``spool_waits``              the spool's folder                      seconds, size_mb
``spool_aside``              ``aside.jsonl``                         lines, subject
``nobody_logged_in``         the queue                               queue
``clock_behind``             ""                                      minutes
``clock_jumped``             ""                                      seconds
``clock_unsynchronised``     ""
``events_unreadable``        Asterisk's event file                   subject, reason
``events_refused``           Asterisk's event file                   subject, lines
``disk_low``                 a folder on the disk                    subject, free_mb
``backup_overdue``           ""                                      days
``calls_capped``             ""                                      call (the last one)
``phone_capped``             an executive's extension                subject
``sip_guessing``             the address it came from                subject, tries, account
``trunk_unreachable``        the trunk                               subject
``look_stuck``               the examination                         subject
===========================  ======================================  ======================================
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class AlarmKind:
    """``grave``: a life, or complaints and calls that are lost now. ``everybody``: executives see it too."""

    grave: bool = False
    everybody: bool = False


KINDS: dict[str, AlarmKind] = {
    "emergency_failed": AlarmKind(grave=True, everybody=True),
    "emergency_given_up": AlarmKind(grave=True, everybody=True),
    "emergency_way_failed": AlarmKind(grave=True),
    "lines_full": AlarmKind(grave=True),
    "database_lost": AlarmKind(grave=True),
    "numbers_missing": AlarmKind(grave=True),
    "database_unwritable": AlarmKind(grave=True),
    "directory_missing": AlarmKind(grave=True),
    "asterisk_away": AlarmKind(grave=True),
    "recordings_unwritable": AlarmKind(grave=True),
    "recording_missing": AlarmKind(),
    "disk_full": AlarmKind(grave=True),
    "spool_waits": AlarmKind(),
    "spool_aside": AlarmKind(),
    "nobody_logged_in": AlarmKind(),
    "clock_behind": AlarmKind(),
    "clock_jumped": AlarmKind(),
    "clock_unsynchronised": AlarmKind(),
    "events_unreadable": AlarmKind(),
    "events_refused": AlarmKind(),
    "disk_low": AlarmKind(),
    "backup_overdue": AlarmKind(),
    "calls_capped": AlarmKind(),
    "phone_capped": AlarmKind(),
    "sip_guessing": AlarmKind(),
    "trunk_unreachable": AlarmKind(grave=True),
    "look_stuck": AlarmKind(),
}
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
_UNKNOWN = len(_RANK)


def rank(kind: str) -> tuple[bool, int]:
    """Sorts kinds: the grave first, then as they stand here; unknown ones come before no grave one."""
    known = KINDS.get(kind)
    return not (known and known.grave), _RANK.get(kind, _UNKNOWN)

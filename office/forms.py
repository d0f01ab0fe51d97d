"""What is asked to be registered, before the mapper has named an officer."""

from dataclasses import dataclass

from records.life.states import COMPLAINT, Kind


@dataclass(frozen=True)
class Registering:
    """A filled form. ``type_code`` and ``place_id`` are of the edition in force; ``citizen_phone`` as typed.

    With ``key`` the same form is registered once, however often it is sent.
    """

    type_code: str
    place_id: str
    citizen_name: str
    citizen_phone: str
    description: str
    district_code: str
    kind: Kind = COMPLAINT
    call_id: str | None = None
    caller_e164: str | None = None
    key: str | None = None

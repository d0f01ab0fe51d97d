"""What an administrator can set about the exchange. Every default keeps it on this machine."""

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path

from dialplan.errors import DialplanError
from dialplan.lines import Lines, share
from dialplan.plantext import host
from dialplan.trunk_match import check_trunk_match

LEAST_SESSION_SECONDS = 90
"""Session timers of less are refused by the standard, RFC 4028."""


@dataclass(frozen=True)
class AsteriskSettings:
    """Settings of the private Asterisk; the comment at each says why the default is what it is."""

    bind: str = "127.0.0.1"
    """Address for SIP and sound. 0.0.0.0 once a real trunk and real phones are connected."""
    sip_port: int = 5060
    """The port trunks and phones expect."""
    control_bind: str = "127.0.0.1"
    """Address for AMI, ARI and the WebSocket; only programs on this machine need them."""
    http_port: int = 8088
    ami_port: int = 5038
    rtp_first: int = 10000
    rtp_last: int = 10199
    """Two ports a line and two lines a conversation: 200 ports carry 50 conversations at once."""
    sound_from_anywhere: bool = False
    """Whether sound is also taken from an address that the other side did not name for it. Needed for a
    telephone or a gateway behind NAT that names its inner address. Who can reach the ports for sound may then
    speak, and press keys, in the place of a caller who is silent."""
    calls_at_once: int = 0
    """Citizens' calls at once; 0: as many as the ports for sound carry, less a fifth in reserve (35 of 50).
    Who calls then is told that nobody can speak to him, and is called back; the emergency's key works."""
    calls_told_at_once: int = 5
    """How many are answered at once to be told so: each holds a line for fifteen seconds. More hear the busy
    tone, and are called back as well."""
    calls_of_one_caller: int = 5
    """Calls at once from one number: an office's telephones may all show one. One more is told the same."""
    calls_of_one_phone: int = 2
    """Calls that one executive's telephone may place at once: one to a colleague while another ends. A
    telephone whose password was stolen places no more."""
    agi_host: str = "127.0.0.1"
    agi_port: int = 4573
    """FastAGI's registered port."""
    trunk_match: tuple[str, ...] = ("127.0.0.2",)
    """Addresses (or networks, 10.1.0.0/24) from which the trunk's calls come. Not the address phones use:
    whoever comes from here is a citizen, whatever he writes and whatever password he knows."""
    trunk_user: str = ""
    """User name with which the trunk must sign its calls beside coming from there; empty: the address is
    enough. Its password is in the secrets file."""
    trunk_account: str = ""
    """Our user name at the trunk's operator, when he asks for one; the password he gave is in the secrets
    file."""
    trunk_register: bool = False
    """Whether we register there with trunk_account: operators want it who do not know our address."""
    trunk_contact: str = ""
    """host:port where the trunk takes the calls that we send; empty: the first address of trunk_match that is
    no network."""
    use_withheld_numbers: bool = False
    """Whether a number that its owner withholds (CLIR) is used like any other: shown at the desk, remembered,
    called back. It is marked as withheld and kept for an emergency either way. No: he asked for it."""
    district_code: str = "39"
    """This centre's own district; must be in districts.csv with a centre."""
    ring_seconds: int = 20
    """How long one executive's phone rings before the next one's: about five rings."""
    queue_wait_seconds: int = 180
    """How long a caller waits in one queue before the call goes on to the state's operators. A telephone that
    rings for him then is not cut short."""
    queue_longest: int = 50
    """Callers that may wait in one queue; more go on to the state's operators at once."""
    queue_tell_seconds: int = 45
    """How often a waiting caller is told his place and how long it will take: often enough to see that it
    moves, not so often that nothing has changed."""
    waiting_music: Path = Path()
    """An A-law or 8 kHz WAV file that waiting callers hear between the words; empty: a soft tone."""
    wrapup_seconds: int = 5
    """Breath between two calls of one executive."""
    service_level_seconds: int = 20
    """Answered within this time counts as well served in the queue's statistics (assumed)."""
    key_seconds: int = 8
    """How long the dialplan waits for a key when it asks by itself: older callers are slow."""
    code_key_seconds: int = 2
    """Between the two keys of a district's code pressed at that menu: many have to look for the second."""
    same_key_seconds: int = 2
    """The key that answered a question, once more at the next one: for so long it is the same press, sent
    twice by the telephone or by a hand that was not sure. As same_key_seconds of the service."""
    agi_step_seconds: int = 180
    """A conversation that takes longer than this is taken for stuck. The longest honest one, three tries at
    the district code with reading back, takes about 100 s."""
    agi_alive_seconds: int = 3
    """A service that does not say within this time of a step's beginning that it is alive is not asked again
    during this call: the caller hears nothing meanwhile, and one that works answers within milliseconds.
    Later in the step it says itself when it will be heard of next."""
    emergency_target: str = "112"
    """The number that callers in danger are put through to, by the trunk."""
    emergency_ring_seconds: int = 45
    """How long it may ring there, by all ways together, before the state's operators take the call."""
    emergency_second: str = ""
    """The second way to an emergency, when the trunk does not answer: host:port of another trunk, or the
    extension of a telephone in the room (2009). Empty: none, which `helpline doctor` warns of."""
    emergency_second_seconds: int = 15
    """What of emergency_ring_seconds is kept for the second way: three rings."""
    sip_silence_seconds: int = 8
    """Who answers a request with nothing at all, not even "trying", for so long is taken for gone, and the
    call goes on: time for five sendings. A telephone that rings has answered."""
    session_seconds: int = 120
    """How often two ends that both know session timers (RFC 4028) assure each other that they are there: a
    line that went dead without a word is hung up within this time. The standard's least is 90."""
    silent_seconds: int = 600
    """A call from which no sound came for so long is ended, and longer when a caller can wait longer: who
    listens with his microphone off sends nothing, and is there."""
    message_seconds: int = 180
    """Longest message of a caller: three minutes hold a whole complaint."""
    message_silence_seconds: int = 5
    """Silence that ends a message: long enough for somebody who thinks before he goes on."""
    menu_file: Path = Path()
    """The menu after the greeting; empty: data/menu.toml as shipped."""
    hours_file: Path = Path()
    """When the centres are open; empty: data/hours.toml as shipped."""
    qualify_seconds: int = 30
    """How often executives' phones are asked whether they are there, so that no caller waits for a dead one;
    0 never. The question goes the way of a call: a phone that does not hear it does not ring either. The
    trunk is not asked: many networks answer no such question and yet take every call."""
    recordings_dir: Path = Path()
    """Folder of the recordings; empty: recordings/ in the runtime folder."""
    sounds_dir: Path = Path(__file__).resolve().parent.parent / "ivr_prompts" / "audio" / "hi"
    """Folder of the spoken prompts, <key>.alaw."""

    def __post_init__(self) -> None:
        """Refuse values that Asterisk would not start with."""
        for name in ("bind", "control_bind"):
            try:
                ipaddress.ip_address(getattr(self, name))
            except ValueError:
                raise DialplanError(
                    f"{name} = {getattr(self, name)!r} is not an IP address, such as 127.0.0.1"
                ) from None
        for name in ("sip_port", "http_port", "ami_port", "rtp_first", "rtp_last", "agi_port"):
            if not 1 <= getattr(self, name) <= 65535:
                raise DialplanError(f"{name} = {getattr(self, name)} is not a port: use 1 to 65535")
        if self.rtp_last - self.rtp_first < 7:
            raise DialplanError(
                f"rtp_first {self.rtp_first} to rtp_last {self.rtp_last} is too few ports: "
                "one conversation needs 4"
            )
        for name in ("calls_of_one_caller", "calls_of_one_phone"):
            if getattr(self, name) < 1:
                raise DialplanError(f"{name} = {getattr(self, name)}: use 1 call or more")
        for name in ("calls_at_once", "calls_told_at_once"):
            if getattr(self, name) < 0:
                raise DialplanError(f"{name} = {getattr(self, name)}: use 0 or more")
        share(self.rtp_first, self.rtp_last, self.calls_at_once, self.calls_told_at_once)
        check_trunk_match(self.trunk_match, (self.bind, self.control_bind))
        for name in ("trunk_user", "trunk_account"):
            if not re.fullmatch(r"[A-Za-z0-9._+@~-]{0,64}", getattr(self, name)):
                raise DialplanError(
                    f"{name} = {getattr(self, name)!r}: use letters, digits and . _ + @ ~ - only, 64 at most"
                )
        if self.trunk_register and not self.trunk_account:
            raise DialplanError("trunk_register = true needs trunk_account, the user name of the operator's")
        if self.trunk_contact and not _is_address(self.trunk_contact):
            raise DialplanError(
                f"trunk_contact = {self.trunk_contact!r} is not host:port, such as 192.0.2.1:5060"
            )
        self._check_ways()
        for name in (
            "ring_seconds", "queue_wait_seconds", "key_seconds", "code_key_seconds", "same_key_seconds",
            "agi_step_seconds", "agi_alive_seconds", "emergency_ring_seconds", "emergency_second_seconds",
            "message_seconds", "message_silence_seconds", "sip_silence_seconds", "silent_seconds",
        ):  # fmt: skip
            if getattr(self, name) < 1:
                raise DialplanError(f"{name} = {getattr(self, name)}: use 1 second or more")
        if self.session_seconds < LEAST_SESSION_SECONDS:
            raise DialplanError(
                f"session_seconds = {self.session_seconds}: use {LEAST_SESSION_SECONDS} or more, the least "
                "that the standard (RFC 4028) allows"
            )
        if not 7 <= self.sip_silence_seconds <= 32:
            raise DialplanError(
                f"sip_silence_seconds = {self.sip_silence_seconds}: use 7 to 32, the standard's own value"
            )
        if self.queue_longest < 1:
            raise DialplanError(
                f"queue_longest = {self.queue_longest}: use 1 caller or more; for any number, a large one"
            )
        if self.queue_tell_seconds < 15:
            raise DialplanError(
                f"queue_tell_seconds = {self.queue_tell_seconds}: use 15 seconds or more, to say it takes ten"
            )
        if not re.fullmatch(r"\+?[0-9]{1,15}", self.emergency_target):
            raise DialplanError(
                f"emergency_target = {self.emergency_target!r} is not a telephone number, such as 112"
            )
        if any(character in self.agi_host for character in ',;()[]{}$"\\ /\n\r') or not self.agi_host:
            raise DialplanError(f"agi_host = {self.agi_host!r} is not a host name or address")

    @property
    def lines(self) -> Lines:
        """Citizens' calls that there may be at once."""
        return share(self.rtp_first, self.rtp_last, self.calls_at_once, self.calls_told_at_once)

    @property
    def trunk_address(self) -> str:
        """host:port where the trunk takes calls; empty when neither setting says so."""
        if self.trunk_contact:
            return self.trunk_contact
        networks = [ipaddress.ip_network(one, strict=False) for one in self.trunk_match]
        single = next((one for one in networks if one.num_addresses == 1), None)
        return host(str(single.network_address)) if single is not None else ""

    @property
    def second_is_phone(self) -> bool:
        """Whether the second way to an emergency is a telephone in the room."""
        return self.emergency_second.isdecimal()

    @property
    def longest_silence(self) -> int:
        """Seconds without sound after which a call is ended: never before the whole wait is over.

        A caller may wait in his district's queue, in the state's and in this centre's, and in each a
        telephone may ring for him once more.
        """
        return max(self.silent_seconds, 3 * (self.queue_wait_seconds + self.ring_seconds) + 60)

    def _check_ways(self) -> None:
        """Refuse a second way to emergencies that is none."""
        second = self.emergency_second
        if not second:
            return
        if not _is_address(second):
            raise DialplanError(
                f"emergency_second = {second!r} is neither the extension of a telephone in the room, such as "
                "2009, nor host:port of another trunk, such as 192.0.2.9:5060"
            )
        if not self.second_is_phone and _with_port(second) == _with_port(self.trunk_address):
            raise DialplanError(
                f"emergency_second = {second!r} is the trunk again, which is the first way: name "
                "another trunk or a telephone in the room, or leave it empty"
            )
        if self.emergency_second_seconds >= self.emergency_ring_seconds:
            raise DialplanError(
                f"emergency_second_seconds = {self.emergency_second_seconds} leaves nothing of "
                f"emergency_ring_seconds = {self.emergency_ring_seconds} for the trunk: use less"
            )


def _is_address(text: str) -> bool:
    return re.fullmatch(r"([A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?", text) is not None


def _with_port(address: str) -> str:
    return address.lower() if re.search(r":[0-9]{1,5}$", address) else f"{address.lower()}:5060"

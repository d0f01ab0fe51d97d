"""Names of the channel variables that the dialplan and the AGI conversations share.

The dialplan names the call and says who calls; a conversation decides and leaves its decision in a variable;
the dialplan acts on it. Both sides take the names from here (the checker refuses a static file that uses an
`H181_` name which is neither here nor in GLOBALS).
"""

from typing import Final

CALL_ID: Final = "H181_CALL_ID"
"""UUID of the call, made by the dialplan before anything else happens."""
CALLER: Final = "H181_CALLER"
"""The caller's number as it arrived, only 0-9 and +; empty when there is none, and when it is withheld
and the settings do not say that such numbers are used."""
WITHHELD: Final = "H181_WITHHELD"
"""The caller wishes his number not to be shown: "yes", or "used" when the settings say that it is used
all the same; else empty. The number itself is in CALLERID(num) either way."""
DIALLED: Final = "H181_DIALLED"
"""The number that was dialled, only 0-9, + , * and #."""
DISTRICT: Final = "H181_DISTRICT"
"""District code, or empty when it is not known."""
QUEUE: Final = "H181_QUEUE"
"""The queue that the call goes to: district-<code> or state."""
DONE: Final = "H181_DONE"
"""Name of the AGI step that finished last. A step succeeded only when AGISTATUS is SUCCESS and this is its
name: a server that dies in the middle of a session also leaves AGISTATUS=SUCCESS."""
KEYS: Final = "H181_KEYS"
"""Keys that Read() collected."""
PRESSED: Final = "H181_PRESSED"
"""The key the caller pressed last at a question."""
PRESSED_AT: Final = "H181_PRESSED_AT"
"""When that was: milliseconds since 1970."""
ROUND: Final = "H181_ROUND"
"""In a step: which wording of its question is being asked, from 1 on; empty before the first. The dialplan
goes on with it when the service dies."""
TYPED: Final = "H181_TYPED"
"""In a step: the district code that is being read back."""
LIKELY: Final = "H181_LIKELY"
"""In a step: the district that stands for a caller who presses nothing, offered and not refused."""
STEP_TIME: Final = "TIMEOUT(absolute)"
"""In a step: Asterisk takes over after so many seconds, unless it is told another time before."""
MEMBER: Final = "H181_MEMBER"
"""Interface of the executive who answered, such as PJSIP/2001."""
RECORDING: Final = "H181_RECORDING"
"""Name of the first recording's file in the recordings folder."""
FILE: Final = "H181_FILE"
"""Name, without its ending, of the recording that the next answer begins."""
TALKS: Final = "H181_TALKS"
"""Who answered in a queue, when, and the recording's file: EXTENSION/EPOCH/FILE&, once for each answer."""

SERVICE: Final = "H181_SERVICE"
"""Id of the service the caller chose in the menu (data/menu.toml)."""
DEFAULT_SERVICE: Final = "complaint"
"""The service of a caller who chose none."""
NEXT: Final = "H181_NEXT"
"""What the dialplan does after the step: one of the words NEXT_..., or queue:<name>, or extension:<number>.
Empty means the usual way on."""

NEXT_DISTRICT: Final = "district"
NEXT_STATUS: Final = "status"
NEXT_OPERATOR: Final = "operator"
"""The state's operators."""
NEXT_EMERGENCY: Final = "emergency"
NEXT_MESSAGE: Final = "message"
"""The caller leaves a message, because nobody can take the call or because he wishes it."""
NEXT_STAY: Final = "stay"
"""Back into the queue, at the same place."""
NEXT_CALLBACK: Final = "callback"
"""He is called back: the wish is stored, the call ends."""
NEXT_END: Final = "end"
QUEUE_TARGET: Final = "queue:"
EXTENSION_TARGET: Final = "extension:"

EXTENSION: Final = "H181_EXTENSION"
"""On an executive's own channel: his extension (set by pjsip.conf, so he cannot pretend another)."""
OWN_QUEUE: Final = "H181_OWN_QUEUE"
"""On an executive's own channel: the queue he works for."""

RECORDINGS: Final = "H181_RECORDINGS"
"""Global: the recordings folder."""
AGI_KEY: Final = "H181_AGI_KEY"
"""Global: what the AGI service knows the dialplan by. No application may be given it as it is: Asterisk shows
the data of applications in its list of channels, its CDR and its CEL files."""
MESSAGE_SECONDS: Final = "H181_MESSAGE_SECONDS"
"""Global: the longest message of a caller."""
MESSAGE_SILENCE: Final = "H181_MESSAGE_SILENCE"
"""Global: seconds of silence that end a message."""

POSITION: Final = "H181_POSITION"
"""In the waiting menu: the caller's place in the queue, from 1 on; empty when it is not known."""

MINUTES: Final = "H181_MINUTES"
"""In the waiting menu: after about how many minutes his turn may come; 0 when it is not known."""

CENTRE_QUEUE: Final = "H181_CENTRE_QUEUE"
"""Global: the queue of this centre's own district."""

STATE_QUEUE: Final = "state"


KEY_SETS: Final = ("12", "#", "0123456789")
"""Keys that may end a prompt, beside the urgent ones of the menu."""


def key_context(keys: str) -> str:
    """The context whose extensions are these keys alone, for prompts which only they may end."""
    return f"keys-{''.join(sorted(keys))}"


def district_queue(code: str) -> str:
    """The queue of the district with this code."""
    return f"district-{code}"


EXTENSION_QUEUE: Final = "extension-"
"""What the queue of one telephone begins with: a service of the menu leads to it, nobody logs in to it."""


def extension_queue(extension: str) -> str:
    """The queue in which one telephone is alone."""
    return f"{EXTENSION_QUEUE}{extension}"


def district_of_queue(queue: str) -> str:
    """The code of the district whose queue it is; empty for another queue."""
    code = queue.removeprefix("district-")
    return code if code != queue else ""


def extension_of_queue(queue: str) -> str:
    """The telephone that is alone in the queue; empty for another queue."""
    extension = queue.removeprefix(EXTENSION_QUEUE)
    return extension if extension != queue else ""


def interface(extension: str) -> str:
    """The queue member interface of an executive's extension."""
    return f"PJSIP/{extension}"

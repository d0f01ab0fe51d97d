"""What Asterisk's log says against its configuration. Asterisk goes on deaf or half loaded; we do not."""

import re
from typing import Final

_SOURCES: Final = (
    r"loader|config|config_options|res_sorcery_config|res_pjsip/config_\w+|tcptls|http|manager|pbx_config"
    r"|app_queue|res_ari\w*|res_musiconhold|features_config|cdr\w*|cel\w*"
)
_COMPLAINT: Final = re.compile(rf"(?:WARNING|ERROR)\[\d+\] (?:{_SOURCES})\.c: (?P<text>.*)")
_CONSEQUENCE: Final = re.compile("Some non-required modules failed|Could not create|declined to load")
"""Lines that only repeat, less clearly, what another line said."""


def complaints(log: str) -> list[str]:
    """What was said of files, modules and addresses that could not be used, the clearest first.

    Only sources that read configuration or bind addresses count: a call may warn of many things.
    """
    found = list(dict.fromkeys(match["text"].strip() for match in _COMPLAINT.finditer(log)))
    return sorted(found, key=lambda text: _CONSEQUENCE.search(text) is not None)

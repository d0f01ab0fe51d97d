"""Conditions of steps beyond state and person: why one is not possible now, in both languages. Pure."""

from datetime import datetime, timedelta

from records.clock import indian_day
from records.life.complaint import Complaint
from records.life.states import ASKING
from records.life.steps import Context
from records.sentence import Sentence


def first_days(complaint: Complaint, at: datetime, context: Context) -> Sentence | None:
    """Only the level it began at changes the type, and in the first days."""
    level = _level(complaint)
    if level != complaint.first_level:
        return Sentence(
            f"the type is changed by level {complaint.first_level}, and it is with level {level}",
            f"प्रारूप लेवल {complaint.first_level} बदलता है, और शिकायत अभी लेवल {level} पर है",
        )
    last = indian_day(complaint.registered_at) + timedelta(days=context.change_type_days)
    if indian_day(at) > last:
        return Sentence(f"the type could be changed until {last}", f"प्रारूप {last} तक ही बदला जा सकता था")
    return None


def limit_over(complaint: Complaint, at: datetime, context: Context) -> Sentence | None:
    """The clock takes it when the level's last day has ended, where levels are left by themselves."""
    level, due = _level(complaint), complaint.assigned.due
    if context.way == "manual":
        return Sentence(
            f"level {level} is left by hand only", f"लेवल {level} से शिकायत केवल अधिकारी के भेजने पर आगे जाती है"
        )
    if indian_day(at) <= due:
        return Sentence(f"level {level} has until the end of {due}", f"लेवल {level} के पास {due} के अंत तक समय है")
    return None


def by_hand(complaint: Complaint, _at: datetime, context: Context) -> Sentence | None:
    """It is sent up where levels are left by hand."""
    level = _level(complaint)
    if context.way == "automatic":
        return Sentence(
            f"level {level} is left when its limit ends, not by hand",
            f"लेवल {level} से शिकायत समय-सीमा निकलने पर अपने-आप आगे जाती है, भेजने से नहीं",
        )
    if context.way == "none":
        return Sentence(f"level {level} is the highest", f"लेवल {level} सबसे ऊपर है")
    return None


def sent_up(complaint: Complaint, _at: datetime, _context: Context) -> Sentence | None:
    """It is sent back by whom it was sent up to."""
    if complaint.sent_up_from is not None:
        return None
    return Sentence(
        "it was not sent up to this level by hand", "यह शिकायत इस लेवल पर किसी अधिकारी ने नहीं भेजी थी"
    )


def close_level(complaint: Complaint, _at: datetime, context: Context) -> Sentence | None:
    """A special close is proposed by the levels below the one that decides."""
    level, levels = _level(complaint), [str(each) for each in sorted(context.close_levels)]
    if level in context.close_levels:
        return None
    return Sentence(
        f"a special close is proposed by level {' or '.join(levels)}, and it is with level {level}",
        f"विशेष क्लोज लेवल {' या '.join(levels)} प्रस्तावित करता है, और शिकायत अभी लेवल {level} पर है",
    )


def resolved(complaint: Complaint, _at: datetime, context: Context) -> Sentence | None:
    """The citizen is asked about a resolution: its own, or that of the complaint it is linked to."""
    main = context.main
    if complaint.status in ASKING:
        return None
    if complaint.group_of is not None and main is not None and main.number == complaint.group_of:
        if main.status in ASKING or main.closure in {"satisfied", "low_quality"}:
            return None
        return Sentence(
            f"neither it nor complaint {main.number}, which it is linked to, has a resolution to ask about",
            f"न इसका कोई निराकरण है, न शिकायत {main.number} का, जिससे यह जुड़ी है; पूछने को कुछ नहीं है",
        )
    return Sentence(
        "there is no resolution to ask the citizen about", "अभी कोई निराकरण नहीं है जिसके बारे में नागरिक से पूछा जाए"
    )


def not_linked(complaint: Complaint, _at: datetime, context: Context) -> Sentence | None:
    """It is linked to nothing, and nothing to it."""
    if complaint.group_of is not None:
        return Sentence(
            f"it is linked to complaint {complaint.group_of} already",
            f"यह पहले से शिकायत {complaint.group_of} से जुड़ी है",
        )
    if context.members:
        return Sentence(
            "other complaints are linked to it; link it the other way round",
            "दूसरी शिकायतें इससे जुड़ी हैं; उलटी ओर से जोड़ें",
        )
    return None


def linked(complaint: Complaint, _at: datetime, _context: Context) -> Sentence | None:
    """It is linked."""
    return Sentence("it is not linked", "यह किसी शिकायत से जुड़ी नहीं है") if complaint.group_of is None else None


def _level(complaint: Complaint) -> int:
    return complaint.assigned.level

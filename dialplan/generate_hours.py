"""Makes the opening hours as the dialplan asks for them, and what a caller hears of a closed centre."""

from collections.abc import Iterator
from datetime import time

from dialplan.hours import DAYS, CentreHours, Hours
from dialplan.plantext import context
from ivr_prompts.speech import time_keys

INDIA = "IST-5:30"
"""Indian time as the C library spells it: without the time zone database, which a machine may not have."""
ENGLISH = "en"
"""The one language that says the time of the day in an order of its own."""
_DAY_SECONDS = 24 * 60 * 60
_LAST_MINUTE = 24 * 60 - 1


def hours_contexts(hours: Hours) -> str:
    """[centre-hours]: returns "open" or "closed". A district that is not in it is always open.

    H181_WORDING is what callers hear while it is closed: that it is, and when it opens again, where that is
    within a day. [centre-days] helps: "open" when the centre opens at all on the day of ARG1, an EPOCH.
    """
    return context(
        "centre-hours",
        "When the centres take calls.",
        ((code, list(_hours(code, centre))) for code, centre in hours.centres.items()),
    ) + context(
        "centre-days",
        "On which days the centres take calls.",
        ((code, list(_days(centre))) for code, centre in hours.centres.items()),
    )


def _hours(code: str, centre: CentreHours) -> Iterator[str]:
    # An interval of Asterisk holds its last minute whole.
    opening, closing = _minutes(centre.opening), _minutes(centre.closing) or _LAST_MINUTE + 1
    yield "Set(H181_WORDING=h181/closed-now)"
    yield f"Gosub(centre-days,{code},1(${{EPOCH}}))"
    yield 'GotoIf($["${GOSUB_RETVAL}" = "closed"]?not-today)'
    yield f"GotoIfTime({_clock(opening)}-{_clock(closing - 1)},*,*,*,{INDIA}?open)"
    before = f"GotoIfTime(00:00-{_clock(opening - 1)},*,*,*,{INDIA}?" if opening else ""
    if before:
        yield f"{before}opens)"
    # Before its hour on a day on which it stays closed it opens in more than a day.
    yield f"(not-today){before}closed)" if before else "(not-today)NoOp()"
    yield f"Gosub(centre-days,{code},1($[${{EPOCH}} + {_DAY_SECONDS}]))"
    yield 'GotoIf($["${GOSUB_RETVAL}" = "closed"]?closed)'
    yield f"(opens)Set(H181_WORDING=h181/closed-now&h181/closed-opens-at&{_said(centre.opening)})"
    yield "(closed)Return(closed)"
    yield "(open)Return(open)"


def _days(centre: CentreHours) -> Iterator[str]:
    moment = f"${{STRFTIME(${{ARG1}},{INDIA},"
    for day in sorted(centre.closed):
        yield f'GotoIf($["{moment}%Y-%m-%d)}}" = "{day}"]?closed)'
    if len(centre.days) < len(DAYS):
        days = "".join(str(day + 1) for day in sorted(centre.days))
        yield f'GotoIf($["{moment}%u)}}" =~ "[{days}]"]?open:closed)'
    yield "(open)Return(open)"
    yield "(closed)Return(closed)"


def _said(moment: time) -> str:
    english, others = (
        "&".join(f"h181/{key}" for key in time_keys(moment, language)) for language in (ENGLISH, "hi")
    )
    return f'${{IF($["${{CHANNEL(language)}}" = "{ENGLISH}"]?{english}:{others})}}'


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"

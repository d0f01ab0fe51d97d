"""Makes the generated part of the configuration out of settings, districts, executives and secrets.

Pure text: `generate` returns file name -> content for etc/generated/, which the static files include.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dialplan import variables
from dialplan.binary import AsteriskBinary
from dialplan.districts import Districts
from dialplan.executives import Executive
from dialplan.generate_districts import district_contexts
from dialplan.generate_hours import hours_contexts
from dialplan.generate_menu import menu_contexts, menu_prompts
from dialplan.generate_phones import emergency_ways, executive_phones, transports, trunk
from dialplan.generate_waiting import Languages, waiting_classes, waiting_context
from dialplan.hours import Hours
from dialplan.layout import Layout
from dialplan.menu import Menu
from dialplan.plantext import context, host, options, section
from dialplan.secrets import Secrets
from dialplan.settings import LEAST_SESSION_SECONDS, AsteriskSettings

CONTROL_USER = "helpline"
"""User name at AMI and ARI."""
MESSAGE_TRIES = 3
"""How often a caller may speak his message, hear it, and speak it again."""
PLACE_SECONDS = 10
"""From saying a caller's place to saying the time: the longest place and a breath."""
LATE_KEY_SECONDS = 3
"""After code_key_seconds: so long a key may still belong to the one before it, and is no call for help."""
OWN_CODE_SECONDS = 1.5
"""After the name of this centre's own district, to object. As own_code_seconds of the service."""
_LEARNT_AFTER, _NEVER_LEARNT = 4, 1_000_000_000
# After so many packets in a row sound is taken from an address nobody named: Asterisk's own number, and one
# that no call reaches. From the address that was named it is taken at once.
COLLEAGUE_SECONDS = 30
"""How long a colleague's phone rings."""

_HEADER = (
    "; Made by `helpline asterisk apply`. Do not edit: change the settings or the data and apply again.\n"
)


@dataclass(frozen=True)
class Source:
    """All that the generated files depend on."""

    settings: AsteriskSettings
    districts: Districts
    executives: Sequence[Executive]
    menu: Menu
    hours: Hours
    secrets: Secrets
    layout: Layout
    binary: AsteriskBinary
    languages: Languages = field(default_factory=dict)
    absent_modules: tuple[str, ...] = ()
    """Modules that modules.conf loads and this Asterisk does not have or need."""


def generate(source: Source) -> Mapping[str, str]:
    """File name -> text of every generated file. The caller has checked settings and data."""
    settings = source.settings
    bodies = {
        "asterisk.conf": _asterisk(source.layout, source.binary),
        "modules.conf": _modules(source.absent_modules),
        "globals.conf": _globals(
            settings, source.menu, recordings_dir(settings, source.layout), source.secrets.agi_key
        ),
        "districts.conf": district_contexts(source.districts),
        "menu.conf": menu_contexts(
            source.menu, [district.code for district in source.districts if district.has_centre]
        ),
        "hours.conf": hours_contexts(source.hours),
        "musiconhold.conf": _waiting(settings, source.layout, source.languages),
        "music.conf": waiting_context(source.languages),
        "executives.conf": _executive_lines(settings, source.executives),
        "queues.conf": _queues(settings, source.districts, source.menu),
        "pjsip-transports.conf": transports(settings),
        "pjsip-timers.conf": _timers(settings),
        "pjsip-endpoint.conf": options(
            timers_min_se=LEAST_SESSION_SECONDS,
            timers_sess_expires=settings.session_seconds,
            rtp_timeout=settings.longest_silence,
            rtp_timeout_hold=settings.longest_silence,
        ),
        "pjsip-trunk.conf": trunk(settings, source.secrets),
        "pjsip-executives.conf": executive_phones(settings, source.executives, source.secrets),
        "manager.conf": _manager(settings, source.secrets),
        "ari.conf": section(CONTROL_USER, type="user", read_only="no", password=source.secrets.ari_password),
        "http.conf": options(bindaddr=settings.control_bind, bindport=settings.http_port),
        "rtp.conf": options(
            rtpstart=settings.rtp_first,
            rtpend=settings.rtp_last,
            probation=_LEARNT_AFTER if settings.sound_from_anywhere else _NEVER_LEARNT,
        ),
    }
    return {name: f"{_HEADER}\n{body}" for name, body in bodies.items()}


def recordings_dir(settings: AsteriskSettings, layout: Layout) -> Path:
    """Where recordings are written (absolute)."""
    return layout.recordings if settings.recordings_dir == Path() else settings.recordings_dir.absolute()


def _asterisk(layout: Layout, binary: AsteriskBinary) -> str:
    folders = {
        "astetcdir": layout.etc,
        "astmoddir": binary.modules_dir,
        "astvarlibdir": layout.lib,
        "astdbdir": layout.lib,
        "astkeydir": layout.lib,
        "astcachedir": layout.lib / "cache",
        "astdatadir": layout.data,
        "astagidir": layout.data / "agi-bin",
        "astspooldir": layout.spool,
        "astrundir": layout.run,
        "astlogdir": layout.log,
        "astsbindir": layout.run,
    }
    lines = "".join(f"{name} => {folder}\n" for name, folder in folders.items())
    return f'[directories]\n{lines}\n#include "{layout.etc / "asterisk.conf"}"\n'


def _timers(settings: AsteriskSettings) -> str:
    """How long a request without any answer is sent again: timer B, which is 64 times T1 at least."""
    return options(
        timer_t1=settings.sip_silence_seconds * 1000 // 64,
        timer_b=settings.sip_silence_seconds * 1000,
    )


def _modules(absent: Sequence[str]) -> str:
    return "".join(f"noload = {name}.so\n" for name in absent)


def _globals(settings: AsteriskSettings, menu: Menu, recordings: Path, agi_key: str) -> str:
    first, second = emergency_ways(settings)
    return options(
        H181_AGI=f"agi://{host(settings.agi_host)}:{settings.agi_port}",
        **{variables.AGI_KEY: agi_key},
        H181_STEP_SECONDS=settings.agi_step_seconds,
        H181_ALIVE_SECONDS=settings.agi_alive_seconds,
        H181_WITHHELD_IS="used" if settings.use_withheld_numbers else "yes",
        H181_MOST_CALLS=settings.lines.calls,
        H181_MOST_TOLD=settings.lines.told,
        H181_MOST_OF_CALLER=settings.calls_of_one_caller,
        H181_MOST_OF_PHONE=settings.calls_of_one_phone,
        H181_QUEUE_SECONDS=settings.queue_wait_seconds,
        H181_RING_SECONDS=settings.ring_seconds,
        H181_KEY_SECONDS=settings.key_seconds,
        H181_CODE_KEY_SECONDS=settings.code_key_seconds,
        H181_SAME_KEY=settings.same_key_seconds * 1000,
        H181_OWN_CODE_SECONDS=OWN_CODE_SECONDS,
        H181_LATE=(settings.code_key_seconds + LATE_KEY_SECONDS) * 1000,
        H181_QUEUE_LONGEST=settings.queue_longest,
        H181_TELL_SECONDS=settings.queue_tell_seconds,
        H181_PLACE_SECONDS=PLACE_SECONDS,
        H181_CENTRE_QUEUE=variables.district_queue(settings.district_code),
        H181_RECORDINGS=recordings,
        H181_MENU=menu_prompts(menu),
        H181_FIRST_MENU=menu_prompts(menu, first=True),
        H181_EMERGENCY=settings.emergency_target,
        H181_EMERGENCY_SECONDS=settings.emergency_ring_seconds,
        H181_EMERGENCY_FIRST=first,
        H181_EMERGENCY_SECOND=second,
        H181_EMERGENCY_KEPT=settings.emergency_second_seconds if second else 0,
        H181_MESSAGE_SECONDS=settings.message_seconds,
        H181_MESSAGE_SILENCE=settings.message_silence_seconds,
        H181_MESSAGE_STEP_SECONDS=settings.agi_step_seconds + MESSAGE_TRIES * settings.message_seconds,
    )


def _waiting(settings: AsteriskSettings, place: Layout, languages: Languages) -> str:
    music = settings.waiting_music.absolute().with_suffix("")
    tone = place.tone if settings.waiting_music == Path() else music
    # A ringing telephone is not cut short for saying something new.
    seconds = settings.queue_tell_seconds + settings.ring_seconds
    return "".join(waiting_classes(languages, place.data / "sounds", tone, seconds))


def _executive_lines(settings: AsteriskSettings, executives: Sequence[Executive]) -> str:
    lines = context(
        "executive-lines",
        "Who may be dialled, and whose state may be watched.",
        ((one.extension, (f"Dial({one.interface},{COLLEAGUE_SECONDS},g)", "Return()")) for one in executives),
    )
    lines += "".join(f"exten => {one.extension},hint,{one.interface}\n" for one in executives)
    steps = (f'GotoIf($["${{{variables.CALL_ID}}}" = ""]?end)', "Goto(inbound,s,emergency)", "(end)Hangup()")
    return f"{lines}\n" + context(
        "emergency-number",
        "Where an executive passes a caller in danger.",
        ((settings.emergency_target, steps),),
    )


def _queues(settings: AsteriskSettings, districts: Districts, menu: Menu) -> str:
    names = [variables.district_queue(district.code) for district in districts if district.has_centre]
    names += [variables.STATE_QUEUE, *(service.queue for service in menu.services if service.queue)]
    common: dict[str, object] = {
        "timeout": settings.ring_seconds,
        "wrapuptime": settings.wrapup_seconds,
        "servicelevel": settings.service_level_seconds,
    }
    queues = [section(name, "helpline-queue", **common) for name in dict.fromkeys(names)]
    for extension in sorted({service.extension for service in menu.services if service.extension}):
        phone = variables.interface(extension)
        name = variables.extension_queue(extension)
        queues.append(section(name, "helpline-queue", **common, member=f"{phone},0,{phone},{phone}"))
    return "".join(queues)


def _manager(settings: AsteriskSettings, secrets: Secrets) -> str:
    return (
        options(port=settings.ami_port, bindaddr=settings.control_bind)
        + "\n"
        + (
            section(
                CONTROL_USER,
                secret=secrets.ami_password,
                deny="0.0.0.0/0.0.0.0",
                permit="127.0.0.0/255.0.0.0",
                read="call,agent,user,reporting,system",
                write="call,agent,reporting",
            )
        )
    )

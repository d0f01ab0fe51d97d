"""How the rooms are joined: what one needs of another is handed over here and nowhere else."""

from pathlib import Path

from agi.gate import Gate
from dialplan import apply as dialplan_apply
from dialplan import variables
from dialplan.binary import find_asterisk
from dialplan.check import CONF_DIR, Problem
from dialplan.check import check as dialplan_check
from dialplan.executives import load_executives
from dialplan.instance import AsteriskInstance
from dialplan.layout import GENERATED, layout
from dialplan.secrets import Secrets, load_or_create
from helpline import state_folder
from helpline.app import App
from helpline.book import traces
from ivr_prompts import load_catalogue
from mapper.directory.current import EditionInForce
from mapper.directory.store import DirectoryStore
from records import Records, open_records, utc_now


def make_state_dir(app: App) -> Path:
    """Make the state directory, readable by its owner alone; `HelplineError` when it cannot be written."""
    state_folder.make(app.state_dir)
    return app.state_dir


def secrets(app: App) -> Secrets:
    """The centre's secrets, generated on first use."""
    make_state_dir(app)
    return load_or_create(app.secrets_file, [executive.extension for executive in load_executives()])


def agi_gate(app: App) -> Gate:
    """By what the AGI service knows this centre's dialplan."""
    return Gate(secrets(app).agi_key, old_dialplan=has_old_dialplan(app))


def has_old_dialplan(app: App) -> bool:
    """Whether the configuration in Asterisk's folder is of a version whose requests have no key.

    False when there is none here, as where Asterisk runs on another machine.
    """
    made = layout(app.asterisk_runtime).etc / GENERATED / "globals.conf"
    try:
        return variables.AGI_KEY not in made.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def configuration_problems(app: App, folder: Path | None = None) -> list[Problem]:
    """What the checker finds in the Asterisk configuration, with the menu and the hours of the settings."""
    known = frozenset(load_catalogue().keys())
    return dialplan_check(folder or CONF_DIR, known_prompts=known, settings=app.exchange)


def apply_configuration(app: App) -> None:
    """Check and write the configuration below the state directory."""
    dialplan_apply.apply(app.exchange, secrets(app), app.asterisk_runtime, binary=find_asterisk())


def asterisk_instance(app: App) -> AsteriskInstance:
    """A private Asterisk of this centre, not yet started; starting it applies the configuration."""
    return AsteriskInstance(app.exchange, secrets(app), app.asterisk_runtime, find_asterisk())


async def open_centre_records(app: App) -> Records:
    """The centre's records, schema up to date; made at a true first start.

    Raises `RecordsError`, a `LostError` when they were there before and are not.
    """
    make_state_dir(app)
    return await _opened(app, create=True)


async def open_existing_records(app: App) -> Records:
    """The same for who does not begin a centre: no file and no folder is made where there are none."""
    return await _opened(app, create=False)


async def _opened(app: App, *, create: bool) -> Records:
    settings = app.settings.records
    return await open_records(
        app.records_url, clock=utc_now, settings=settings, traces=traces(app), create=create
    )


def edition_in_force(app: App) -> EditionInForce:
    """The directory edition in force, ready for searching; blocks for some 200 ms.

    At first start the shipped sources are published as edition 1.
    """
    make_state_dir(app)
    return EditionInForce(DirectoryStore(app.directory))

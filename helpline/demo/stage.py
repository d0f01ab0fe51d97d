"""Puts a centre on this machine for the demo: its own state, Asterisk, the service, people with passwords."""

import contextlib
import secrets as random_source
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

from dialplan.executives import load_executives
from dialplan.instance import AsteriskInstance
from dialplan.settings import AsteriskSettings
from helpline.app import App
from helpline.demo.transcript import Transcript
from helpline.serve import Service, service
from helpline.wiring import asterisk_instance, make_state_dir, open_centre_records, secrets
from records import NewUser, Records
from records.users.users import Role

EXECUTIVE, SUPERVISOR = "karyakari", "paryavekshak"
"""कार्यकारी and पर्यवेक्षक: the demo's two accounts."""


WAV_HEADER_BYTES = 44


@dataclass(frozen=True)
class Stage:
    """A centre that runs."""

    app: App
    service: Service
    exchange: AsteriskInstance
    desk_address: tuple[str, int]
    passwords: dict[str, str]
    extension: str
    phone_password: str
    free_extensions: dict[str, str]
    """Extensions nobody uses, for a softphone, with their passwords."""

    @property
    def asterisk(self) -> AsteriskSettings:
        """Where Asterisk listens."""
        return self.app.settings.asterisk

    @property
    def sip(self) -> str:
        """host:port of SIP."""
        return f"{self.asterisk.bind}:{self.asterisk.sip_port}"

    def recording(self, name: str | None) -> Path | None:
        """The file of a recorded conversation, or None when there is none with sound in it."""
        if not name:
            return None
        path = self.app.exchange.recordings_dir / name
        return path if path.is_file() and path.stat().st_size > WAV_HEADER_BYTES else None


def demo_app(app: App) -> App:
    """The same settings with a state directory of its own: it never touches a real centre's records."""
    settings = app.settings
    return App(
        settings=replace(settings, helpline=replace(settings.helpline, state_dir=settings.state_dir / "demo"))
    )


@contextlib.asynccontextmanager
async def stage(app: App, transcript: Transcript) -> AsyncIterator[Stage]:
    """A running centre, stopped on leaving. Raises a room's error when a part does not start."""
    app = demo_app(app)
    make_state_dir(app)
    own = [
        executive
        for executive in load_executives()
        if executive.district_code == app.settings.asterisk.district_code
    ]
    async with contextlib.AsyncExitStack() as stack:
        async with await open_centre_records(app) as records:
            passwords = await _accounts(records, own[0].extension, app.settings.asterisk.district_code)
        transcript.stage(f"records and directory are ready in {app.state_dir}")
        exchange = await stack.enter_async_context(asterisk_instance(app))
        transcript.stage(
            f"{exchange.binary.version} takes SIP on {exchange.settings.bind}:{exchange.settings.sip_port}"
        )
        running = await stack.enter_async_context(service(app))
        if running.switchboard is None or running.desk_address is None or running.agi_address is None:
            raise RuntimeError("the whole service was asked for")
        await running.switchboard.ready(app.settings.switchboard.start_seconds)
        transcript.stage(
            f"the service runs: AGI on {running.agi_address[0]}:{running.agi_address[1]}, "
            f"desk on http://{running.desk_address[0]}:{running.desk_address[1]}"
        )
        phones = secrets(app).endpoint_passwords
        yield Stage(
            app=app,
            service=running,
            exchange=exchange,
            desk_address=running.desk_address,
            passwords=passwords,
            extension=own[0].extension,
            phone_password=phones[own[0].extension],
            free_extensions={executive.extension: phones[executive.extension] for executive in own[1:]},
        )


async def _accounts(records: Records, extension: str, district_code: str) -> dict[str, str]:
    """The demo's accounts with fresh passwords: they are shown on the screen, so they live for one run."""
    people: tuple[tuple[str, str, str, Role, str | None], ...] = (
        (EXECUTIVE, "कार्यकारी", "Executive", "executive", extension),
        (SUPERVISOR, "पर्यवेक्षक", "Supervisor", "supervisor", None),
    )
    passwords = {}
    for username, name_hi, name_en, role, phone in people:
        password = passwords[username] = random_source.token_urlsafe(9)
        if await records.users.get(username) is None:
            await records.users.create(
                NewUser(
                    username=username,
                    display_name_hi=name_hi,
                    display_name_en=name_en,
                    role=role,
                    password=password,
                    extension=phone,
                    district_code=district_code,
                )
            )
        else:
            await records.users.set_password(username, password)
    return passwords

"""A whole centre for benches with real calls: Asterisk, and the service as a process that can be killed."""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from bench.ivr_centre import free_ports
from dialplan.instance import AsteriskInstance
from helpline import settings
from helpline.app import App
from helpline.catchup import EVENTS_FILE
from helpline.phone.executive import Executive
from helpline.wiring import asterisk_instance, make_state_dir, open_centre_records, secrets
from records import Records

START_SECONDS = 60.0
RTP_PORTS = 199


class PrivateCentre:
    """A centre on free ports of loopback; made by `private_centre`. The service is started by `serve`."""

    def __init__(self, app: App, config: Path, exchange: AsteriskInstance, records: Records) -> None:
        self.app = app
        self.exchange = exchange
        self.records = records
        self._config = config
        self._service: asyncio.subprocess.Process | None = None

    @property
    def sip(self) -> str:
        """host:port at which it takes calls."""
        return f"{self.app.settings.asterisk.bind}:{self.app.settings.asterisk.sip_port}"

    @property
    def events_file(self) -> Path:
        """What Asterisk itself wrote about every call."""
        return self.app.asterisk_runtime / EVENTS_FILE

    def executive(self, extension: str) -> Executive:
        """A telephone of an executive, not yet registered."""
        return Executive(extension, secrets(self.app).endpoint_passwords[extension], via=self.sip)

    async def serve(self) -> None:
        """Start the service; returns when it takes calls. Raises RuntimeError when it does not start."""
        log = self.app.state_dir / "service.log"
        with log.open("ab") as file:
            self._service = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", "from helpline.main import main; main()"),
                *("--config", str(self._config), "serve"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                env={name: value for name, value in os.environ.items() if not name.startswith("HELPLINE_")},
            )
        async with asyncio.timeout(START_SECONDS):
            while not await self.listens():
                if self._service.returncode is not None:
                    said = log.read_text(encoding="utf-8", errors="replace")
                    raise RuntimeError(f"the service did not start: {said[-500:]}")
                await asyncio.sleep(0.05)

    async def listens(self) -> bool:
        """Whether AGI steps are taken."""
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.app.settings.agi.port)
        except OSError:
            return False
        writer.close()
        return True

    def send(self, number: signal.Signals) -> None:
        """Send the service a signal."""
        if self._service is not None and self._service.returncode is None:
            self._service.send_signal(number)

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End the service by a signal and wait until it is gone."""
        if self._service is not None:
            self.send(number)
            await self._service.wait()
            self._service = None


@contextlib.asynccontextmanager
async def private_centre(**changes: Mapping[str, object]) -> AsyncIterator[PrivateCentre]:
    """A centre whose service is not started. ``changes`` are settings by table, as in helpline.toml.

    Whatever happens, its processes are ended and its files removed. Raises a room's error when it does not
    start.
    """
    # The control socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="h181-"))
    try:
        config = folder / "helpline.toml"
        config.write_text(_toml(_tables(folder, changes)), encoding="utf-8")
        app = App(settings=settings.load(config, {}))
        make_state_dir(app)
        async with contextlib.AsyncExitStack() as stack:
            records = await stack.enter_async_context(await open_centre_records(app))
            exchange = await stack.enter_async_context(asterisk_instance(app))
            centre = PrivateCentre(app, config, exchange, records)
            stack.push_async_callback(centre.stop, signal.SIGKILL)
            yield centre
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tables(folder: Path, changes: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, object]]:
    sip, http, ami, agi, desk, rtp = free_ports(6)
    rtp = min(rtp, 65535 - RTP_PORTS)
    tables: dict[str, dict[str, object]] = {
        "helpline": {"state_dir": str(folder / "state")},
        "agi": {"port": agi},
        "desk": {"port": desk},
        "asterisk": {
            "sip_port": sip,
            "http_port": http,
            "ami_port": ami,
            "rtp_first": rtp,
            "rtp_last": rtp + RTP_PORTS,
            "wrapup_seconds": 0,
        },
    }
    for table, values in changes.items():
        tables.setdefault(table, {}).update(values)
    return tables


def _toml(tables: Mapping[str, Mapping[str, object]]) -> str:
    lines: list[str] = []
    for table, values in tables.items():
        lines.append(f"[{table}]")
        for key, value in values.items():
            lines.append(f'{key} = "{value}"' if isinstance(value, str | Path) else f"{key} = {value}")
    return "\n".join(lines) + "\n"

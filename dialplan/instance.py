"""One private Asterisk: started, asked, reloaded, stopped, and never left behind."""

import asyncio
import contextlib
import ctypes
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from dialplan.apply import apply
from dialplan.binary import AsteriskBinary
from dialplan.errors import DialplanError
from dialplan.layout import Layout, layout
from dialplan.ports import first_busy
from dialplan.secrets import Secrets
from dialplan.settings import AsteriskSettings
from dialplan.startlog import complaints

START_SECONDS = 30.0
"""A cold start takes 1 to 3 s; a small machine under load needs more."""

STOP_SECONDS = 10.0
"""Asterisk ends at once unless it hangs; then it is killed."""

_LAST_LINES = 6


class AsteriskInstance:
    """A private Asterisk in `runtime`.

    `async with` applies the configuration, starts and, whatever happens, stops it. The process also ends when
    ours dies (the kernel sees to it). Not for use by several tasks at once, except `cli`.
    """

    def __init__(
        self,
        settings: AsteriskSettings,
        secrets: Secrets,
        runtime: Path,
        binary: AsteriskBinary,
        *,
        apply_first: Callable[[], None] | None = None,
    ) -> None:
        self.settings = settings
        self.secrets = secrets
        self.binary = binary
        self.layout: Layout = layout(runtime)
        self._apply = apply_first or (lambda: apply(settings, secrets, runtime, binary=binary))
        self._process: asyncio.subprocess.Process | None = None
        self._output = b""
        self._log_file = self.layout.log / "messages.log"
        self._log_start = 0
        self._reader: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def start(self) -> None:
        """Apply the configuration, start, and wait until Asterisk is fully booted and content with its files.

        Raises DialplanError (cause and remedy in one line) when it does not come up; no process is left then.
        """
        if self.pid is not None:
            raise DialplanError("Asterisk runs already: stop it first")
        await asyncio.to_thread(self._prepare)
        self._output = b""
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self.binary.argv,
                "-f",
                "-C",
                str(self.layout.master),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                cwd=self.layout.runtime,
                env={**os.environ, **dict(self.binary.environment), "HOME": str(self.layout.runtime)},
                start_new_session=True,
                preexec_fn=_begin,
            )
        except OSError as error:
            raise DialplanError(f"Asterisk cannot be started ({error}): run `make asterisk` again") from error
        if self._process.stdout is not None:
            self._reader = asyncio.create_task(self._collect(self._process.stdout))
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._booted()
            await self._heed_complaints()
        except TimeoutError:
            await self.stop()
            raise DialplanError(
                f"Asterisk was not ready after {START_SECONDS:.0f} s: {await self._why()}; "
                "try again when the machine is less busy"
            ) from None
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End the process (asked first, then killed) and wait for it. Safe to call twice."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.terminate()
                try:
                    async with asyncio.timeout(STOP_SECONDS):
                        await process.wait()
                except TimeoutError:
                    pass
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
            if self._reader is not None:
                await self._reader
            await asyncio.to_thread(self._clean)

    async def cli(self, command: str) -> str:
        """The answer of Asterisk's command line. Raises DialplanError when it cannot be asked."""
        if self.pid is None:
            raise DialplanError("Asterisk does not run: start it first")
        process = await asyncio.create_subprocess_exec(
            *self.binary.argv,
            "-C",
            str(self.layout.master),
            "-rx",
            command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, **dict(self.binary.environment), "HOME": str(self.layout.runtime)},
        )
        try:
            async with asyncio.timeout(STOP_SECONDS):
                answer, _ = await process.communicate()
        except BaseException as error:
            if process.returncode is None:
                process.kill()
                await process.wait()
            if isinstance(error, TimeoutError):
                raise DialplanError(f"Asterisk does not answer {command!r}: restart it") from None
            raise
        text = answer.decode("utf-8", "replace")
        if process.returncode != 0:
            raise DialplanError(f"Asterisk does not answer {command!r} ({text.strip()}): restart it")
        return text

    async def reload(self) -> None:
        """Apply the configuration again and let the running Asterisk take it over; calls go on.

        Raises DialplanError when the checker or Asterisk refuses it; Asterisk then runs on with what it had.
        """
        await asyncio.to_thread(self._apply)
        await asyncio.to_thread(self._mark_log)
        await self.cli("core reload")
        await self._heed_complaints()

    async def wait(self) -> int:
        """Wait until the process ends by itself; its exit status."""
        if self._process is None:
            raise DialplanError("Asterisk does not run: start it first")
        return await self._process.wait()

    async def _booted(self) -> None:
        while True:
            if self._process is None or self._process.returncode is not None:
                if self._reader is not None:
                    await self._reader
                raise DialplanError(
                    f"Asterisk ended while starting: {await self._why()}; see {self.layout.log}/messages.log"
                )
            if await asyncio.to_thread(self.layout.control.exists):
                try:
                    await self.cli("core waitfullybooted")
                except DialplanError:
                    pass
                else:
                    return
            await asyncio.sleep(0.05)

    async def _collect(self, stream: asyncio.StreamReader) -> None:
        while chunk := await stream.read(4096):
            self._output = (self._output + chunk)[-16384:]

    async def _heed_complaints(self) -> None:
        wrong = complaints(await asyncio.to_thread(self._log))
        if wrong:
            said = " / ".join(wrong[:_LAST_LINES])
            raise DialplanError(f"Asterisk does not take its configuration: {said}; correct it and try again")

    def _prepare(self) -> None:
        self._apply()
        busy = first_busy(self.settings)
        if busy:
            raise DialplanError(busy)
        self._clean()
        self._mark_log()

    def _mark_log(self) -> None:
        with contextlib.suppress(OSError):
            self._log_start = self._log_file.stat().st_size

    def _log(self) -> str:
        """What was logged since this start."""
        with contextlib.suppress(OSError), self._log_file.open("rb") as file:
            file.seek(self._log_start)
            return file.read().decode("utf-8", "replace")
        return ""

    def _clean(self) -> None:
        """Take away what a killed Asterisk leaves."""
        self.layout.control.unlink(missing_ok=True)
        (self.layout.run / "asterisk.pid").unlink(missing_ok=True)

    async def _why(self) -> str:
        """The last lines that say what went wrong, on one line."""
        texts = [self._output.decode("utf-8", "replace"), await asyncio.to_thread(self._log)]
        found = [
            line.strip()
            for text in texts
            for line in text.splitlines()
            if re.search("ERROR|Unable|fail", line)
        ]
        if not found:
            found = [line.strip() for line in texts[0].splitlines() if line.strip()]
        return " / ".join(found[-_LAST_LINES:]) or "it said nothing"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def _begin() -> None:
    """In the child: what Asterisk writes is its owner's alone, and it ends when we do."""
    os.umask(0o077)
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

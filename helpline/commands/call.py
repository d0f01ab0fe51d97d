"""``helpline call``: place a call as a citizen, listen to it, and print what happens."""

import asyncio
import contextlib
import json
import signal
import wave
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt

from helpline.app import App
from helpline.errors import HelplineError
from helpline.phone.citizen import TRUNK_ADDRESS, Citizen
from helpline.phone.leg import KEYS
from helpline.phone.script import Follower, Happening, Script
from helpline.phone.voiceprint import RATE
from ivr_prompts.catalogue import Catalogue, load_catalogue

WORDS = {
    "ringing": "it rings",
    "answered": "answered",
    "heard": "heard",
    "cut": "heard in part",
    "pressed": "pressed",
    "person": "a person answered",
    "hung-up": "hung up",
    "ended": "ended",
}


def _keys(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not value or not set(value) <= KEYS:
            raise click.BadParameter(f"{value!r} are not keys of a telephone (0-9 * #)", ctx, parameter)
    return values


@click.command()
@click.argument("number", default="181")
@click.option(
    "--press", multiple=True, callback=_keys, metavar="KEYS", help="Keys for the next question; repeat it."
)
@click.option("--press-early", is_flag=True, help="Press while the question still speaks (barge-in).")
@click.option("--from", "caller", default="9876543210", show_default=True, help="Number shown to the centre.")
@click.option(
    "--seconds",
    type=click.FloatRange(1, 3600),
    default=60,
    show_default=True,
    help="Hang up this long after the answer.",
)
@click.option(
    "--hang-up-after", type=click.FloatRange(0.5, 3600), help="Hang up after these seconds, if sooner."
)
@click.option("--hang-up-at", metavar="KEY", help="Hang up when this prompt has been heard.")
@click.option(
    "--save", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.wav", help="Keep what was heard."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--host", help="Where the centre takes SIP [default: as set, 127.0.0.1].")
@click.option("--port", type=click.IntRange(1, 65535), help="Its SIP port [default: as set, 5060].")
@click.option("--bind", default=TRUNK_ADDRESS, show_default=True, help="Address of this telephone.")
@click.pass_obj
def call(
    app: App,
    number: str,
    press: tuple[str, ...],
    press_early: bool,
    caller: str,
    seconds: float,
    hang_up_after: float | None,
    hang_up_at: str | None,
    save: Path | None,
    as_json: bool,
    host: str | None,
    port: int | None,
    bind: str,
) -> None:
    """Dial NUMBER as a citizen, press keys when asked, and print what was heard until the call ends."""
    catalogue = load_catalogue()
    if hang_up_at is not None:
        catalogue.require(hang_up_at)
    if save is not None and not save.absolute().parent.is_dir():
        raise HelplineError(f"{save} cannot be written: its folder does not exist; make it first")
    questions = frozenset(key for key in catalogue if _asks(key, catalogue[key].text))
    script = Script(press, questions, press_early, min(seconds, hang_up_after or seconds), hang_up_at)
    centre = app.settings.asterisk
    via = f"{host or centre.bind}:{port or centre.sip_port}"
    tell = _json_line if as_json else _text_line(catalogue)
    try:
        asyncio.run(_call(number, caller, via, bind, script, catalogue, tell, save))
    except asyncio.CancelledError:
        raise SystemExit(128 + signal.SIGTERM) from None


def _asks(key: str, text: str) -> bool:
    """Whether a prompt asks for keys: it says so (press: दबाइए, दबा), or is one of the asking ones."""
    return "दबा" in text or key.startswith("ask-")


async def _call(
    number: str,
    caller: str,
    via: str,
    bind: str,
    script: Script,
    catalogue: Catalogue,
    tell: Callable[[Happening], None],
    save: Path | None,
) -> None:
    task = asyncio.current_task()
    # Hang up before leaving; another thread than the main one (as in tests) gets no signals.
    with contextlib.suppress(ValueError, RuntimeError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: task and task.cancel())
    prompts: Mapping[str, npt.NDArray[np.int16]] = {key: catalogue.audio(key) for key in catalogue}
    async with Citizen(prompts, bind=bind) as citizen:
        try:
            placed = await citizen.call(number, caller=caller, via=via)
        except ValueError as error:
            raise HelplineError(f"{error}; write digits, * and # only") from error
        try:
            await Follower(placed, script, tell).run()
        finally:
            if save is not None:
                await asyncio.to_thread(_write, save, placed.recording())


def _text_line(catalogue: Catalogue) -> Callable[[Happening], None]:
    def tell(one: Happening) -> None:
        detail = one.what
        if one.kind in {"heard", "cut"}:
            detail = f"{one.what}: {catalogue[one.what].text}"
        elif one.kind == "ended":
            by, _, how = one.what.partition(" ")
            detail = f"{'by this telephone' if by == 'us' else 'by the centre'} ({how})"
        click.echo(f"{one.at:7.1f} s  {WORDS[one.kind]:<14} {detail}".rstrip())

    return tell


def _json_line(one: Happening) -> None:
    fields: dict[str, object] = {"at": round(one.at, 2), "event": one.kind}
    if one.what:
        fields["what"] = one.what
    if one.until is not None:
        fields["until"] = round(one.until, 2)
    click.echo(json.dumps(fields, ensure_ascii=False))


def _write(path: Path, sound: npt.NDArray[np.int16]) -> None:
    try:
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(sound.astype("<i2").tobytes())
    except OSError as error:
        raise HelplineError(f"{path} cannot be written ({error.strerror}); choose another place") from error

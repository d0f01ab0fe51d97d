"""``helpline call``: place a call as a citizen, listen to it, and print what happens."""

import asyncio
import contextlib
import json
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt

from helpline.app import App
from helpline.errors import HelplineError
from helpline.phone.citizen import TRUNK_ADDRESS, Citizen
from helpline.phone.prompts import CentrePrompts, centre_prompts
from helpline.phone.script import Follower, Happening, Script
from helpline.phone.turns import BEFORE, PERSON, Turn, parse, write_wav
from ivr_prompts.catalogue import DEFAULT_LANGUAGE, languages

WORDS = {
    "ringing": "it rings",
    "answered": "answered",
    "heard": "heard",
    "cut": "heard in part",
    "pressed": "pressed",
    "spoke": "spoke",
    "person": "a person answered",
    "hung-up": "hung up",
    "ended": "ended",
}


def _turns(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[Turn, ...]:
    try:
        return tuple(parse(value) for value in values)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, parameter) from None


@click.command()
@click.argument("number", default="181")
@click.option("--press", multiple=True, callback=_turns, metavar="TURN", help="What to do next; repeat it.")
@click.option("--press-early", is_flag=True, help="Answer while the question still speaks (barge-in).")
@click.option(
    "--language",
    type=click.Choice([one for one in languages() if one != DEFAULT_LANGUAGE]),
    multiple=True,
    help="Listen for prompts of this language too; they are named like en/greeting.",
)
@click.option("--from", "caller", default="9876543210", show_default=True, help="Number shown to the centre.")
@click.option(
    "--seconds",
    type=click.FloatRange(1, 3600),
    default=180,
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
    press: tuple[Turn, ...],
    press_early: bool,
    language: tuple[str, ...],
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
    """Dial NUMBER as a citizen, do what --press says, and print what was heard until the call ends.

    A TURN is [PROMPT[+SECONDS|@SECONDS]:]WHAT. WHAT is keys to press, FILE.wav to speak (8 kHz, 16 bit, one
    channel), hang-up, or - to let a question pass. It comes after the turn before it, when the next question
    has been asked; with PROMPT, when that was heard: SECONDS after its end (+) or its beginning (@, while it
    speaks). PROMPT is a key of `helpline prompts list`, or person: a voice that is none of the centre's.

    \b
    --press 39                   keys for the next question
    --press - --press 39         leave one question unanswered, answer the next
    --press greeting@1:9         while the greeting speaks
    --press connecting+5:2       five seconds after "we are connecting you": into the menu of those who wait
    --press beep:complaint.wav   speak after the beep
    --press person+10:hang-up    ten seconds after somebody answered
    --press +10:hang-up          ten seconds after the turn before
    """
    prompts = centre_prompts(*language)
    for key in (hang_up_at, *(turn.cue for turn in press)):
        if key not in {None, BEFORE, PERSON} and key not in prompts.texts:
            raise HelplineError(f"there is no prompt {key!r}; `helpline prompts list` shows the keys")
    if save is not None and not save.absolute().parent.is_dir():
        raise HelplineError(f"{save} cannot be written: its folder does not exist; make it first")
    script = Script(press, prompts.questions, press_early, min(seconds, hang_up_after or seconds), hang_up_at)
    centre = app.settings.asterisk
    via = f"{host or centre.bind}:{port or centre.sip_port}"
    tell = _json_line if as_json else _text_line(prompts.texts)
    try:
        asyncio.run(_call(number, caller, via, bind, script, prompts, tell, save))
    except asyncio.CancelledError:
        raise SystemExit(128 + signal.SIGTERM) from None


async def _call(
    number: str,
    caller: str,
    via: str,
    bind: str,
    script: Script,
    prompts: CentrePrompts,
    tell: Callable[[Happening], None],
    save: Path | None,
) -> None:
    task = asyncio.current_task()
    # Hang up before leaving; another thread than the main one (as in tests) gets no signals.
    with contextlib.suppress(ValueError, RuntimeError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: task and task.cancel())
    async with Citizen(prompts.sounds, bind=bind) as citizen:
        try:
            placed = await citizen.call(number, caller=caller, via=via)
        except ValueError as error:
            raise HelplineError(f"{error}; write digits, * and # only") from error
        try:
            await Follower(placed, script, tell).run()
        finally:
            if save is not None:
                await asyncio.to_thread(_write, save, placed.recording())


def _text_line(texts: Mapping[str, str]) -> Callable[[Happening], None]:
    def tell(one: Happening) -> None:
        detail = one.what
        if one.kind in {"heard", "cut"}:
            detail = f"{one.what}: {texts[one.what]}"
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
        write_wav(path, sound)
    except OSError as error:
        raise HelplineError(f"{path} cannot be written ({error.strerror}); choose another place") from error

"""``helpline prompts``: build, check, list and try what callers hear."""

import shutil
import subprocess
import sys
import tempfile
import wave
from dataclasses import replace
from functools import cache
from pathlib import Path

import click

from ivr_prompts import alaw, manifest
from ivr_prompts.build import Builder, totals, trial
from ivr_prompts.catalogue import DEFAULT_LANGUAGE, PACKAGE, languages, load_catalogue
from ivr_prompts.check import check as find_problems
from ivr_prompts.engines import NAMES, best_engine
from ivr_prompts.errors import PromptError
from ivr_prompts.settings import PromptsSettings
from ivr_prompts.usage import uses

_ROOT = PACKAGE.parent
_PLAYERS = ("aplay", "paplay", "play")
_language = click.option("--language", default="hi", show_default=True, help="Language of the catalogue.")
_every_language = click.option(
    "--language", help="Language of the catalogue. [default: every language; with KEYS Hindi]"
)
_folder = click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=PACKAGE,
    help="Folder of catalogue, audio and recordings instead of the shipped one.",
)


@click.group()
def prompts() -> None:
    """What callers hear: build it, check it, listen to it."""


@prompts.command()
@_every_language
@_folder
@click.option(
    "--engine", "engine_name", type=click.Choice(NAMES), help="Speak with this engine, not the best one."
)
@click.option("--force", is_flag=True, help="Build even what has not changed.")
@click.option("--speed", type=click.FloatRange(0.5, 2.0), help="Pace of sentences; 1 is the voice's own.")
@click.argument("keys", nargs=-1)
def build(
    language: str | None,
    folder: Path,
    engine_name: str | None,
    force: bool,
    speed: float | None,
    keys: tuple[str, ...],
) -> None:
    """Speak what changed since the last build (only KEYS when given); recordings win over the synthesiser."""
    settings = PromptsSettings() if speed is None else replace(PromptsSettings(), speed=speed)
    chosen = [language] if language else [DEFAULT_LANGUAGE] if keys else languages(folder)
    results = [_build(each, folder, settings, engine_name, keys, force=force) for each in chosen]
    if not all(results):
        raise SystemExit(1)


def _build(
    language: str,
    folder: Path,
    settings: PromptsSettings,
    engine_name: str | None,
    keys: tuple[str, ...],
    *,
    force: bool,
) -> bool:
    catalogue = load_catalogue(language, folder)
    engine = cache(lambda: best_engine(settings, language, engine_name))
    builder = Builder(catalogue, folder / "recorded" / language, settings, engine)
    todo = builder.plan(keys, force=force)
    with click.progressbar(
        builder.build(todo), length=len(todo), label=f"Building {language}", file=sys.stderr
    ) as bar:
        failed = [built for built in bar if built.error]
    removed = [] if keys else builder.sweep()
    made = totals(manifest.load(catalogue.audio_dir))
    for built in failed:
        click.echo(f"{language}: {built.key}: {built.error}", err=True)
    for name in removed:
        click.echo(f"removed {name}")
    by_engine = ", ".join(f"{count} {name}" for name, count in sorted(made.items()))
    of = f"{len(todo) - len(failed)} of {len(catalogue.own)}"
    click.echo(f"{language}: built {of} prompts, now {by_engine or 'none'}")
    return not failed


@prompts.command()
@_every_language
@_folder
@click.option(
    "--sources",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=_ROOT,
    help="Folder with agi/, dialplan/ and mapper/ whose prompts must exist.",
)
def check(language: str | None, folder: Path, sources: Path) -> None:
    """Find missing, outdated, orphaned, clipped, silent, too loud and too quiet prompts.

    Prints one line for each (key: what; remedy) and exits with 1 when there are any.
    """
    used = uses(sources)
    found = 0
    for each in [language] if language else languages(folder):
        catalogue = load_catalogue(each, folder)
        problems = find_problems(catalogue, folder / "recorded" / each, used, PromptsSettings(), sources)
        for problem in problems:
            click.echo(f"{each}: {problem}")
        if not problems:
            click.echo(
                f"{each}: {len(catalogue.own)} prompts, {len({use.key for use in used})} keys used: all good"
            )
        found += len(problems)
    if found:
        raise SystemExit(1)


@prompts.command("list")
@_language
@_folder
def list_(language: str, folder: Path) -> None:
    """Show every prompt: key, whose language plays, seconds, engine, text.

    What a language does not say itself is played in Hindi; "-" waits for `helpline prompts build`.
    """
    catalogue = load_catalogue(language, folder)
    built = cache(manifest.load)
    width = max(map(len, catalogue), default=0)
    click.echo(f"{'key':{width}}  language  seconds  engine    text")
    for key, prompt in catalogue.items():
        speaker = catalogue.speaker(key)
        entry = built(speaker.audio_dir).get(key)
        seconds, engine = (f"{entry.seconds:.2f}", entry.engine) if entry else ("-", "-")
        click.echo(f"{key:{width}}  {speaker.language:8}  {seconds:>7}  {engine:8}  {prompt.text}")


@prompts.command()
@_language
@_folder
@click.option("--text", help="Speak this text instead, as a trial; nothing is kept.")
@click.option("--engine", "engine_name", type=click.Choice(NAMES), help="Engine of the trial.")
@click.option(
    "--wav", type=click.Path(dir_okay=False, path_type=Path), help="Write the WAV here and do not play."
)
@click.argument("key", required=False)
def say(
    language: str, folder: Path, text: str | None, engine_name: str | None, wav: Path | None, key: str | None
) -> None:
    """Listen to a prompt as callers hear it, or to a trial of --text.

    Prints the path of the WAV; on a terminal with a sound player it is played, too.
    """
    if (key is None) == (text is None):
        raise click.UsageError("give a KEY or a --text")
    settings = PromptsSettings()
    if text is not None:
        data = trial(text, best_engine(settings, language, engine_name), settings)
        samples = alaw.decode(data)
    else:
        samples = load_catalogue(language, folder).audio(key or "")
    target = (
        wav or Path(tempfile.mkdtemp(prefix="helpline-prompt-")) / f"{(key or 'trial').replace('/', '-')}.wav"
    )
    try:
        with target.open("wb") as file, wave.open(file, "wb") as out:
            out.setparams((1, 2, alaw.RATE, 0, "NONE", "not compressed"))
            out.writeframes(samples.astype("<i2").tobytes())
    except OSError as error:
        raise PromptError(f"cannot write {target} ({error.strerror}); name another file") from error
    player = next((found for name in _PLAYERS if (found := shutil.which(name))), None)
    if wav is None and player and sys.stdout.isatty():
        subprocess.run([player, str(target)], check=False)
    click.echo(str(target))


if __name__ == "__main__":
    try:
        prompts()
    except PromptError as problem:
        sys.exit(f"helpline: {problem}")

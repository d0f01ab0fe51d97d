"""``helpline backup``: one archive of the whole centre, made while it works; and whether one is whole."""

import asyncio
from pathlib import Path
from typing import Any

import click

from desk.formats import indian
from helpline.app import App
from helpline.backup.archive import Archive
from helpline.backup.making import Made, Wanted, make_backup
from helpline.backup.restoring import check_archive
from helpline.commands.backup_words import SHA256, on_terminal
from helpline.commands.office_options import JSON
from helpline.commands.output import say
from helpline.commands.records import SHOWN


@click.command()
@click.argument("to", type=click.Path(path_type=Path), metavar="TO")
@click.option("--with-recordings", is_flag=True, help="Put the recordings in, not only their list.")
@click.option("--without-secrets", is_flag=True, help="Leave passwords of phones, AMI, ARI and trunk out.")
@click.option("--no-verify", is_flag=True, help="Do not verify the chain of the copied records.")
@click.option("--check", is_flag=True, help="TO is an archive: say whether it is whole, and what is in it.")
@SHA256
@JSON
@click.pass_obj
def backup(
    app: App,
    to: Path,
    *,
    with_recordings: bool,
    without_secrets: bool,
    no_verify: bool,
    check: bool,
    sha256: str | None,
    as_json: bool,
) -> None:
    """Put the whole centre into one archive, while it works.

    TO is a folder, or a file that is not there. In the archive: the records, what waits in the spool, the
    directory's editions, the configuration, the passwords, the list of recordings. It holds what citizens
    said: only its owner may read it (0600); encrypt it before it leaves this machine. Its SHA-256 is printed
    and written beside it; keep that elsewhere too. `helpline restore` brings it back.

    \b
    helpline backup /media/usb
    helpline backup --check /media/usb/helpline-20261201T203000Z.tar.gz
    """
    if check:
        archive = check_archive(to, sha256, on_terminal)
        say(_archive_data(archive), ["the archive is whole", *_archive_lines(archive)], json_wanted=as_json)
        return
    if sha256 is not None:
        raise click.UsageError("--sha256 needs --check")
    wanted = Wanted(secrets=not without_secrets, recordings=with_recordings, verify=not no_verify)
    made = asyncio.run(make_backup(app, to, wanted, on_terminal))
    ok = made.verified is None or made.verified.ok
    told = _archive_data(made.archive) | {"ok": ok, "file": str(made.file), "verified": made.verified}
    told |= {"same_disk": made.same_disk, "left_out": made.left_out}
    say(told, _made_lines(made), json_wanted=as_json)
    if not ok:
        raise SystemExit(1)


def _made_lines(made: Made) -> list[str]:
    lines = [f"{made.file} ({indian(made.archive.size)} bytes)", *_archive_lines(made.archive)]
    if made.archive.manifest.with_secrets:
        lines.append("it holds passwords and what citizens said: encrypt it before it leaves this machine")
    else:
        lines.append("it holds what citizens said: encrypt it before it leaves this machine")
    if made.same_disk:
        lines.append("it lies on the same disk as the records and would be lost with them: copy it elsewhere")
    lines += [f"left out, its name does not fit: {name}" for name in made.left_out[:SHOWN]]
    if made.verified is not None and not made.verified.ok:
        lines.append(f"{made.verified.found} things WRONG in the records, run: helpline records verify")
    return lines


def _archive_lines(archive: Archive) -> list[str]:
    one = archive.manifest
    kept = "in it" if one.with_recordings else "by their names only"
    verified = {None: "not verified", True: "nothing was changed", False: "things WRONG"}[one.verified]
    return [
        f"sha256 {archive.sha256}",
        f"made {one.made_at:%Y-%m-%d %H:%M} UTC by version {one.program} from {one.database}, schema"
        f" {one.schema}",
        f"{indian(one.complaints)} complaints, {indian(one.calls)} calls,"
        f" {indian(one.waiting)} waiting in the spool: {verified}",
        f"{indian(one.recordings)} recordings ({indian(one.recording_bytes >> 20)} MB), {kept};"
        f" passwords {'in it' if one.with_secrets else 'left out'}",
    ]


def _archive_data(archive: Archive) -> dict[str, Any]:
    one = archive.manifest
    return {
        "ok": True,
        "sha256": archive.sha256,
        "bytes": archive.size,
        "made_at": one.made_at,
        "program": one.program,
        "database": one.database,
        "schema": one.schema,
        "book": one.book,
        "complaints": one.complaints,
        "calls": one.calls,
        "waiting": one.waiting,
        "recordings": one.recordings,
        "with_recordings": one.with_recordings,
        "with_secrets": one.with_secrets,
        "verified_when_made": one.verified,
        "parts": len(one.parts),
    }

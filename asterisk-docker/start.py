#!/usr/bin/python3
"""Entry of the Asterisk image: writes the configuration into the state folder, then becomes Asterisk.

Settings come from HELPLINE_ASTERISK_<FIELD> in the environment (lists separated by commas), as everywhere.
`--apply-only` stops after writing, `--healthy` asks the running Asterisk whether it is fully booted.
"""

import dataclasses
import os
import sys
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dialplan.apply import apply
from dialplan.binary import find_asterisk
from dialplan.errors import DialplanError
from dialplan.executives import load_executives
from dialplan.layout import layout
from dialplan.secrets import load_or_create
from dialplan.settings import AsteriskSettings

PREFIX = "HELPLINE_ASTERISK_"


def settings_from(environment: Mapping[str, str]) -> AsteriskSettings:
    """Settings of the exchange; raises DialplanError for a number that is none."""
    values: dict[str, object] = {}
    for field in dataclasses.fields(AsteriskSettings):
        text = environment.get(PREFIX + field.name.upper())
        if not text:
            continue
        if isinstance(field.default, int):
            try:
                values[field.name] = int(text)
            except ValueError:
                raise DialplanError(f"{PREFIX}{field.name.upper()}={text!r} is not a whole number") from None
        elif isinstance(field.default, tuple):
            values[field.name] = tuple(part.strip() for part in text.split(",") if part.strip())
        else:
            values[field.name] = Path(text) if isinstance(field.default, Path) else text
    return AsteriskSettings(**values)  # type: ignore[arg-type]


def main() -> None:
    """Run as the arguments say."""
    os.umask(0o077)
    state = Path(os.environ.get("HELPLINE_HELPLINE_STATE_DIR", "var")).absolute()
    runtime = state / "asterisk"
    try:
        binary = find_asterisk()
        master = str(layout(runtime).master)
        if sys.argv[1:] != ["--healthy"]:
            secrets = load_or_create(state / "secrets.json", [one.extension for one in load_executives()])
            apply(settings_from(os.environ), secrets, runtime, binary=binary)
    except DialplanError as error:
        sys.exit(f"asterisk: {error}")
    if sys.argv[1:] == ["--apply-only"]:
        return
    options = ["-rx", "core waitfullybooted"] if sys.argv[1:] == ["--healthy"] else ["-f"]
    command = [*binary.argv, "-C", master, *options]
    os.execve(command[0], command, {**os.environ, **dict(binary.environment)})  # noqa: S606


if __name__ == "__main__":
    main()

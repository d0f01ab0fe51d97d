"""Runs the benches and prints their tables."""

import argparse
from collections.abc import Callable, Sequence

from bench import agi, conversations, days, ivr, killed, mapper, records, search_table, seconds, voice

BENCHES: dict[str, Callable[[bool], str]] = {
    "agi": agi.run,
    "days": days.run,
    "ivr": ivr.run,
    "mapper": mapper.run,
    "records": records.run,
    "search_table": search_table.run,
}

PARTED: dict[str, Callable[[bool, Sequence[str]], str]] = {
    "conversations": conversations.run,
    "killed": killed.run,
    "seconds": seconds.run,
}
"""Those of which ``--only`` takes parts."""

SHOWS: dict[str, Callable[[bool], str]] = {
    "conversations": conversations.run,
    "killed": killed.run,
    "seconds": seconds.run,
    "voice": voice.run,
}
"""Run when they are named: they show, call by call or prompt by prompt, and take some minutes."""


def main() -> None:
    """Run all benches, or the named ones; ``--smoke`` only looks whether they still work, in seconds."""
    known = BENCHES | SHOWS
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(known)} (default: {', '.join(BENCHES)})"
    )
    parser.add_argument("--smoke", action="store_true", help="a few seconds, figures mean nothing")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="PART",
        help="of conversations: a scene or a conversation; of killed: a step; of seconds: a way; repeat it",
    )
    given = parser.parse_args()
    for name in given.names or BENCHES:
        if name not in known:
            parser.error(f"no bench {name!r}; there are {', '.join(known)}")
        if given.only and name not in PARTED:
            parser.error(f"--only takes parts of {' and '.join(PARTED)}, not of {name}")
        try:
            table = PARTED[name](given.smoke, given.only) if given.only else known[name](given.smoke)
        except ValueError as error:
            if not given.only:
                raise
            parser.error(str(error))
        print(f"\n## {name}\n\n{table}", flush=True)


if __name__ == "__main__":
    main()

"""Runs the benches and prints their tables."""

import argparse
from collections.abc import Callable

from bench import agi, conversations, days, ivr, killed, mapper, records, voice

BENCHES: dict[str, Callable[[bool], str]] = {
    "agi": agi.run,
    "days": days.run,
    "ivr": ivr.run,
    "mapper": mapper.run,
    "records": records.run,
}

SHOWS: dict[str, Callable[[bool], str]] = {
    "conversations": conversations.run,
    "killed": killed.run,
    "voice": voice.run,
}
"""Run when they are named: they show, call by call or prompt by prompt, and take ten minutes or more."""


def main() -> None:
    """Run all benches, or the named ones; ``--smoke`` only looks whether they still work, in seconds."""
    known = BENCHES | SHOWS
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(known)} (default: {', '.join(BENCHES)})"
    )
    parser.add_argument("--smoke", action="store_true", help="a few seconds, figures mean nothing")
    given = parser.parse_args()
    for name in given.names or BENCHES:
        if name not in known:
            parser.error(f"no bench {name!r}; there are {', '.join(known)}")
        print(f"\n## {name}\n\n{known[name](given.smoke)}", flush=True)


if __name__ == "__main__":
    main()

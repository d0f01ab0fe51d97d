"""Where the service's log lines go: standard error, one line each, for the journal of the machine."""

import logging
import sys

QUIET = ("alembic", "aiosqlite", "panoramisk", "asyncio")
"""Libraries that tell what nobody asked; their warnings are kept."""


def set_up_logs(level: int = logging.INFO) -> None:
    """Log to standard error from ``level`` on."""
    logging.basicConfig(
        level=level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True
    )
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))

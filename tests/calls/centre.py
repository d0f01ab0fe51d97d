"""A whole centre for one test: real Asterisk, real service, free ports, a state directory of its own."""

import io
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from agi.settings import AgiSettings
from desk.settings import DeskSettings
from helpline.app import App
from helpline.demo.stage import Stage, stage
from helpline.demo.transcript import Transcript
from helpline.phone.citizen import Citizen
from helpline.phone.prompts import centre_prompts
from helpline.settings import ProcessSettings, Settings
from tests.dialplan.asterisk_fixture import free_ports, rtp_ports

CALLER = "9826012345"


@asynccontextmanager
async def centre_settings(**changes: Any) -> AsyncIterator[Settings]:
    """Settings on free ports, with ``changes`` of Asterisk's; the state directory is removed at the end."""
    # Not pytest's folder: a path to Asterisk's control socket may have at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="h181-"))
    try:
        with rtp_ports() as (rtp_first, rtp_last):
            sip, http, ami, agi, desk = free_ports(5)
            settings = Settings(
                helpline=ProcessSettings(state_dir=folder),
                agi=AgiSettings(port=agi, key_seconds=1.0, confirm_seconds=1.0),
                desk=DeskSettings(port=desk),
            )
            yield replace(
                settings,
                asterisk=replace(
                    settings.asterisk,
                    sip_port=sip,
                    http_port=http,
                    ami_port=ami,
                    agi_port=agi,
                    rtp_first=rtp_first,
                    rtp_last=rtp_last,
                    **{"key_seconds": 1, "wrapup_seconds": 0, **changes},
                ),
                switchboard=replace(settings.switchboard, port=ami),
            )
    finally:
        shutil.rmtree(folder)


def environment(settings: Settings) -> dict[str, str]:
    """The settings that make the process use this test's ports and folder."""
    chosen = {
        "HELPLINE_STATE_DIR": settings.state_dir,
        "AGI_PORT": settings.agi.port,
        "DESK_PORT": settings.desk.port,
        "ASTERISK_SIP_PORT": settings.asterisk.sip_port,
        "ASTERISK_HTTP_PORT": settings.asterisk.http_port,
        "ASTERISK_AMI_PORT": settings.asterisk.ami_port,
        "ASTERISK_RTP_FIRST": settings.asterisk.rtp_first,
        "ASTERISK_RTP_LAST": settings.asterisk.rtp_last,
    }
    return {**os.environ, **{f"HELPLINE_{name}": str(value) for name, value in chosen.items()}}


@asynccontextmanager
async def centre(**changes: Any) -> AsyncIterator[Stage]:
    """A running centre, with ``changes`` of Asterisk's settings."""
    async with (
        centre_settings(**changes) as settings,
        stage(App(settings=settings), Transcript(io.StringIO())) as running,
    ):
        yield running


@asynccontextmanager
async def citizen(*languages: str) -> AsyncIterator[Citizen]:
    """A citizen who knows every prompt by ear, in Hindi and in other ``languages``."""
    # What no call here depends on; each prompt more is work for the listener.
    prompts = centre_prompts(*languages, without=("designation/", "department/", "month/", "weekday/"))
    async with Citizen(prompts.sounds) as caller:
        yield caller

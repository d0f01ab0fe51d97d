"""After a lost connection: compare our picture with what Asterisk has, and tell the difference as events.

Pure, like the reducer. The snapshot is what CoreShowChannels and QueueStatus list. What cannot be known from
it is left out: an end that happened unseen has no cause, a wait that was given up unseen is only a CallEnded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from switchboard.events import Event
from switchboard.live import CALL_ID, QUEUE, LiveState, variable
from switchboard.model import AmiEvent, LiveMember, Stage
from switchboard.seats import nobody_logs_in

CHANNEL_UP = "6"
"""Asterisk's channel state of an answered channel."""


@dataclass(frozen=True)
class Snapshot:
    """Everything Asterisk has now: lists of CoreShowChannel, QueueMember and QueueEntry events."""

    channels: Sequence[AmiEvent]
    members: Sequence[AmiEvent]
    entries: Sequence[AmiEvent]


def resync(state: LiveState, now: Snapshot, at: datetime, lost_at: datetime | None = None) -> list[Event]:
    """Bring `state` in line with the snapshot; the events make up what a reader missed.

    ``lost_at``: when the link was lost. Calls that are gone since ended then, as far as is known: Asterisk
    may have been away for long.
    """
    events: list[Event] = []
    owners = _owners(state, now.channels)
    for call_id in [call_id for call_id in state.calls if call_id not in owners]:
        events += state.end(call_id, lost_at or at, None)
    for call_id, owner in owners.items():
        events += _bring_up_to_date(state, call_id, owner, now, at)
    state.bridges.forget()
    for channel in now.channels:
        state.bridges.entered(channel)
    return events + _resync_members(state, now.members, at)


def _owners(state: LiveState, channels: Sequence[AmiEvent]) -> dict[str, AmiEvent]:
    """Call id to the caller's own channel. An executive's channel may have inherited the call id."""
    groups: dict[str, list[AmiEvent]] = {}
    for channel in channels:
        if call_id := variable(channel, CALL_ID):
            groups.setdefault(call_id, []).append(channel)
    owners = {}
    for call_id, group in groups.items():
        if call_id in state.calls:
            own = [channel for channel in group if channel["Uniqueid"] == state.calls[call_id].channel_id]
        else:
            own = sorted(
                group, key=lambda channel: (channel["Uniqueid"] != channel.get("Linkedid"), _age(channel))
            )
        if own:
            owners[call_id] = own[0]
    return owners


def _age(channel: AmiEvent) -> tuple[int, ...]:
    """Sorts older channels first: a Uniqueid is the second of creation and a running number."""
    return tuple(int(part) for part in channel["Uniqueid"].rsplit("-", 1)[-1].split(".") if part.isdecimal())


def _bring_up_to_date(
    state: LiveState, call_id: str, owner: AmiEvent, now: Snapshot, at: datetime
) -> list[Event]:
    call = state.adopt(owner, at)
    events: list[Event] = []
    queue = next(
        (entry.get("Queue", "") for entry in now.entries if entry.get("Uniqueid") == call.channel_id), None
    )
    if queue is not None:
        events += state.enqueue(call, queue, at)
    elif call.stage is Stage.QUEUED:
        state.calls[call_id] = replace(call, stage=Stage.MENU, since=at)
    legs = {
        extension: leg
        for leg in now.channels
        if leg is not owner
        and leg.get("Linkedid") == owner.get("Linkedid")
        and (extension := state.interfaces.extension_of_channel(leg.get("Channel", ""))) is not None
    }
    up = [extension for extension, leg in legs.items() if leg.get("ChannelState") == CHANNEL_UP]
    if up:
        return events + state.connect(call_id, up[0], variable(owner, QUEUE) or call.queue, at)
    if state.calls[call_id].stage is Stage.TALKING:
        state.release(call_id, at)
    for extension in [extension for extension in call.ringing if extension not in legs]:
        events += state.end_rings(call_id, at, only=extension)
    for extension, leg in legs.items():
        events += state.begin_ring(call_id, extension, leg.get("Uniqueid", ""), at)
    return events


def _resync_members(state: LiveState, members: Sequence[AmiEvent], at: datetime) -> list[Event]:
    present: dict[str, LiveMember] = {}
    for listed in members:
        extension = state.interfaces.extension(listed.get("Location", ""))
        if extension is not None and not nobody_logs_in(listed.get("Queue", "")):
            member = present.get(extension, LiveMember(extension))
            queues = {**member.queues, listed.get("Queue", ""): listed.get("Paused") == "1"}
            present[extension] = replace(member, queues=queues, device=listed.get("Status", "0"))
    gone = [LiveMember(extension) for extension in state.members if extension not in present]
    return [event for member in (*gone, *present.values()) for event in state.seats.put(member, at)]

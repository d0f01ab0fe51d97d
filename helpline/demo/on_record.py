"""Whether a call that was lived is on record as it was lived."""

import asyncio
from collections.abc import Sequence
from typing import Any

from helpline.demo.scene import Outcome, Scene
from helpline.demo.stage import Stage
from helpline.demo.transcript import Transcript


async def on_record(
    stage: Stage, tell: Transcript, scene: Scene, outcome: Outcome, pressed: Sequence[str]
) -> None:
    """Check what records say of the call when it is over: ``pressed`` are the keys the caller pressed."""
    records, number = stage.service.records, outcome.complaint["number"]
    call = await _settled(records.calls.get, outcome.call_id)
    tell.check("the call is on record as answered", call.outcome == "answered", str(call.outcome))
    tell.check("the rating is on record", str(call.rating) == scene.score, str(call.rating))
    tell.check("the executive is on record", call.extension == stage.extension, str(call.extension))
    tell.check("the district is on record", call.district_code == scene.code, str(call.district_code))
    path = await records.calls.path(outcome.call_id)
    keys = [str(step.detail["key"]) for step in path if step.kind == "key" and step.detail["key"]]
    tell.check("the keys are on record", keys == list(pressed), str(keys))
    stored = await records.complaints.by_call(outcome.call_id)
    tell.check("the complaint is linked to the call", [one.number for one in stored] == [number])
    events = [event.kind for event in await records.complaints.events(number)]
    tell.check("the complaint's events are on record", events[:2] == ["registered", "assigned"], str(events))
    recording = stage.recording(call.recording)
    tell.check("the conversation is recorded", recording is not None, str(call.recording))
    tell.line(
        "records",
        f"call {outcome.call_id}: {len(path)} steps, answered by {call.extension}, "
        f"complaint {number} with events {', '.join(events)}, recording {recording and recording.name}",
    )


async def _settled(get: Any, call_id: str, *, within: float = 10.0) -> Any:
    """The call's record once its end is written: that happens just after the line is gone."""
    async with asyncio.timeout(within):
        # The database tells nobody when a row changes.
        while (call := await get(call_id)) is None or call.outcome is None:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return call

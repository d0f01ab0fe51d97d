"""Spoken messages: each becomes a complaint, or is discarded with a reason from the list."""

from dataclasses import replace

from mapper import reasons
from office.errors import OfficeError
from office.forms import Registering
from office.office import Office, choices, must_register
from records import Complaint, Draft
from records.life.steps import Actor


async def complete(office: Office, draft_id: int, actor: Actor, form: Registering) -> Complaint:
    """Register what the message says, with its call and its number; again, it gives the same complaint."""
    draft = await find(office, draft_id)
    form = replace(
        form,
        call_id=draft.call_id,
        caller_e164=draft.e164,
        key=f"draft:{draft.id}",
    )
    made = await office.register(actor, form)
    await office.records.drafts.complete(draft.id, made.number, actor.username, office.now())
    return made


async def discard(office: Office, draft_id: int, actor: Actor, reason_code: str, note: str) -> Draft:
    """Nobody has to listen to it any more. Raises `OfficeError` for a reason that is not on the list."""
    must_register(actor)
    edition = await office.edition()
    known = reasons(edition, "discard")
    if known and reason_code not in {each.code for each in known}:
        listed = "".join(f"\n  {line}" for line in choices(edition, "discard"))
        raise OfficeError(f"{reason_code} is no reason to discard a message; name one of:{listed}")
    await find(office, draft_id)
    await office.records.drafts.discard(draft_id, reason_code, note, actor.username, office.now())
    return await find(office, draft_id)


async def find(office: Office, draft_id: int) -> Draft:
    """The message of an id. Raises `OfficeError`."""
    draft = await office.records.drafts.get(draft_id)
    if draft is None:
        raise OfficeError(f"there is no message {draft_id}; see `helpline complaint draft list`")
    return draft

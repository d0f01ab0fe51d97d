"""What ``helpline person`` says: what is on record of a number, and what was erased."""

from collections.abc import Sequence
from typing import Any

from desk.formats import complaint_number
from desk.formats import phone as shown_phone
from helpline import traces
from helpline.app import App
from helpline.keeping import erasure_list, logs_of
from helpline.traces import Trace
from records.keeping.persons import Person
from records.keeping.plan import Plan
from records.life.erased import Erasure


def plan_data(plan: Plan) -> dict[str, Any]:
    """A plan for programs."""
    data = plan.as_data()
    return {"complaints": data["complaints"], "calls": list(plan.calls), "messages": len(plan.drafts),
            "callbacks": len(plan.callbacks), "files": [file.name for file in plan.files]}  # fmt: skip


def found_data(found: Person, named: Sequence[Trace]) -> dict[str, Any]:
    """What is on record, for programs."""
    return {
        "number": found.e164,
        **plan_data(found.plan),
        "language": found.language,
        "open": list(found.open),
        "talking": list(found.talking),
        "logs": [{"file": str(each.file), "times": each.times} for each in named],
    }


def found_lines(app: App, found: Person, named: Sequence[Trace]) -> list[str]:
    """What is on record, for a person."""
    plan = found.plan
    if not found.known and not named:
        return [f"nothing is on record of {shown_phone(found.e164)}"]
    lines = [f"On record of {shown_phone(found.e164)}"]
    for number, parts in plan.complaints.items():
        only = "" if "citizen" in parts else ": called for somebody else, only the caller's number"
        lines.append(f"  complaint {complaint_number(number)}{only}")
    lines += [f"  complaint {complaint_number(number)}: NOT CLOSED, stays" for number in found.open]
    lines += [f"  {len(found.talking)} calls that are going on"] if found.talking else []
    counted = [
        (len(plan.calls), "calls"),
        (len(plan.drafts), "spoken messages"),
        (len(plan.callbacks), "wishes to be called back"),
        (len(plan.files), "files in " + str(app.exchange.recordings_dir)),
    ]
    lines += [f"  {what}: {count}" for count, what in counted if count]
    lines += [f"  the language he chose: {found.language}"] if found.language else []
    lines += [f"  {each.file}: named {each.times} times" for each in named]
    return lines


def done_lines(
    app: App, done: tuple[Erasure, Plan] | None, overwritten: Sequence[Trace], removed: int, *, clear: bool
) -> list[str]:
    """What was erased, and what is left to do."""
    if done is None:
        lines = ["nothing is on record of this number"]
    else:
        erasure, plan = done
        lines = [f"erased: {len(plan.complaints)} complaints, {len(plan.calls)} calls (erasure {erasure.id})"]
        lines.append(f"  keep a copy of {erasure_list(app)} where the backups are: a restore needs it")
    lines += [f"  files removed: {removed}"] if removed else []
    lines += [f"  {each.file}: overwritten {each.times} times" for each in overwritten]
    if packed := traces.compressed([logs_of(app)]):
        lines.append(f"  {packed} compressed logs were not searched; whoever made them has to remove them")
    if not clear:
        lines.append("  the database's write-ahead log is being read; run this again to empty it")
    lines.append("  backups made before hold him until they are replaced; see docs/operating.md")
    return lines

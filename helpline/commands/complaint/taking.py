"""The commands that take a step of a complaint's life: one each."""

from collections.abc import Awaitable, Callable
from typing import Any

import click

from helpline.app import App
from helpline.commands import words
from helpline.commands.complaint import view
from helpline.commands.office_options import JSON, NUMBER, Acting, Number, acting, in_office
from helpline.commands.output import say
from helpline.office import Office
from helpline.office.finding import find_department, find_type
from records import Complaint
from records.life_steps import Actor, Answer, LinkHow

Taking = Callable[[Office, Actor], Awaitable[Complaint]]

_ANSWERS = click.Choice(["satisfied", "low_quality", "not_satisfied", "unreachable"])
_REASON_CODE = click.option(
    "--reason", "reason_code", required=True, metavar="CODE", help="Code from the list."
)
_REASON = click.option("--reason", required=True, help="Why; told to whoever asks.")
_NOTE = click.option("--note", required=True, help="What was done, in words.")
_MORE = click.option("--note", default="", help="More words, if any.")
_TOLD = click.option("--citizen-told", is_flag=True, help="The citizen was told of it.")


def _verdict(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--accept/--reject", default=None, required=True, help="मान्य or अमान्य.")(command)


def _step(name: str, *options: Callable[..., Any]) -> Callable[[Callable[..., Any]], click.Command]:
    """A command with the options of every step: number, who, when, --json."""

    def make(command: Callable[..., Any]) -> click.Command:
        wrapped = click.pass_obj(command)
        for option in (JSON, acting, *reversed(options), NUMBER):
            wrapped = option(wrapped)
        return click.command(name)(wrapped)

    return make


def _take(app: App, number: str, acting: Acting, *, as_json: bool, taking: Taking) -> None:
    async def work(office: Office) -> tuple[Complaint, Complaint]:
        before = await office.find(number)
        return before, await taking(office, await acting.actor(office))

    before, now = in_office(app, acting.at, work, as_json=as_json)
    say(view.as_data(now), _outcome(before, now), json_wanted=as_json)


def _outcome(before: Complaint, now: Complaint) -> list[str]:
    lines = [f"{now.number}  {words.state(now)}"]
    assigned = now.assigned
    moved = (before.assigned.post_id, before.assigned.due) != (assigned.post_id, assigned.due)
    if moved and now.status != "closed":
        lines.append(
            f"  → {assigned.level_label} {words.name(assigned.post_hi, assigned.post_en)},"
            f" until the end of {words.day(assigned.due)}"
        )
    return lines


@_step("attend", _NOTE)
def attend(app: App, *, number: str, note: str, acting: Acting, as_json: bool) -> None:
    """Make the officer's entry: what he has done so far.

    \b
    helpline complaint attend 10000018 --by tehsildar.khilchipur --note "पटवारी को भेजा"
    """
    _take(app, number, acting, as_json=as_json, taking=lambda o, who: o.attend(number, who, note))


@_step("propose", _NOTE)
def propose(app: App, *, number: str, note: str, acting: Acting, as_json: bool) -> None:
    """Say what resolved it (निराकरण); the citizen is asked next.

    \b
    helpline complaint propose 10000018 --by tehsildar.khilchipur --note "नामांतरण आदेश जारी"
    """
    _take(app, number, acting, as_json=as_json, taking=lambda o, who: o.propose(number, who, note))


@_step("ask", click.option("--result", type=_ANSWERS, required=True, help="What the citizen said."), _MORE)
def ask(app: App, *, number: str, result: Answer, note: str, acting: Acting, as_json: bool) -> None:
    """Write down what the citizen says of the resolution.

    Satisfied or low quality: it closes. Not satisfied: one level up. Unreachable: it is tried again.

    \b
    helpline complaint ask 10000018 --by sita --result satisfied
    """
    _take(app, number, acting, as_json=as_json, taking=lambda o, who: o.ask(number, who, result, note))


@_step("change-type", click.option("--type", "type_text", required=True, help="Code or words."), _REASON)
def change_type(app: App, *, number: str, type_text: str, reason: str, acting: Acting, as_json: bool) -> None:
    """Change the type, within the first days.

    To one of the same department; officer and limit follow.

    \b
    helpline complaint change-type 10000018 --by tehsildar.khilchipur --type REVENUE-02 --reason WRONG-TYPE
    """

    async def taking(office: Office, actor: Actor) -> Complaint:
        code = find_type(await office.edition(), type_text).code
        return await office.change_type(number, actor, code, reason)

    _take(app, number, acting, as_json=as_json, taking=taking)


@_step(
    "out-of-department",
    click.option("--department", required=True, help="Code or name of the department it belongs to."),
    _REASON,
)
def out_of_department(
    app: App, *, number: str, department: str, reason: str, acting: Acting, as_json: bool
) -> None:
    """Propose it for another department.

    कार्यक्षेत्र से बाहर: the officer has talked to the citizen; the district officer decides.

    \b
    helpline complaint out-of-department 10000018 --by tehsildar.khilchipur --department PRD \\
        --reason OTHER-DEPARTMENT
    """

    async def taking(office: Office, actor: Actor) -> Complaint:
        code = find_department(await office.edition(), department).code
        return await office.propose_department(number, actor, code, reason)

    _take(app, number, acting, as_json=as_json, taking=taking)


@_step(
    "decide-department",
    _verdict,
    click.option("--type", "type_text", help="The type it has in the other department, when accepted."),
    click.option("--reason", default="", help="Why; needed when rejected."),
)
def decide_department(
    app: App,
    *,
    number: str,
    accept: bool,
    type_text: str | None,
    reason: str,
    acting: Acting,
    as_json: bool,
) -> None:
    """Decide whether it moves to the department.

    By the district officer. It never closes as "not ours".

    \b
    helpline complaint decide-department 10000018 --by collector --accept --type PRD-03
    helpline complaint decide-department 10000018 --by collector --reject --reason "राजस्व का ही विषय"
    """
    if accept and type_text is None:
        raise click.UsageError("--accept needs --type: the type it has in the other department")

    async def taking(office: Office, actor: Actor) -> Complaint:
        code = find_type(await office.edition(), type_text).code if type_text else None
        return await office.decide_department(number, actor, accept=accept, type_code=code, reason=reason)

    _take(app, number, acting, as_json=as_json, taking=taking)


@_step("special-close", _REASON_CODE, _NOTE, _TOLD)
def special_close(
    app: App,
    *,
    number: str,
    reason_code: str,
    note: str,
    citizen_told: bool,
    acting: Acting,
    as_json: bool,
) -> None:
    """Propose a special close (स्पेशल क्लोज).

    With a reason from the list; a higher level decides, and the citizen is told before.

    \b
    helpline complaint special-close 10000018 --by tehsildar.khilchipur --reason COURT \\
        --note "सिविल न्यायालय में वाद" --citizen-told
    """
    _take(
        app, number, acting, as_json=as_json,
        taking=lambda o, who: o.propose_close(number, who, reason_code, note, citizen_told=citizen_told),
    )  # fmt: skip


@_step("decide-close", _verdict, _REASON, _TOLD)
def decide_close(
    app: App, *, number: str, accept: bool, reason: str, citizen_told: bool, acting: Acting, as_json: bool
) -> None:
    """Decide a special close: मान्य or अमान्य.

    Accepted, it is closed; rejected, it is with its officer again.

    \b
    helpline complaint decide-close 10000018 --by collector --accept --reason "वाद लंबित"
    """
    _take(
        app, number, acting, as_json=as_json,
        taking=lambda o, who: o.decide_close(
            number, who, accept=accept, reason=reason, citizen_told=citizen_told
        ),
    )  # fmt: skip


@_step("send-up", _REASON_CODE, _MORE)
def send_up(app: App, *, number: str, reason_code: str, note: str, acting: Acting, as_json: bool) -> None:
    """Send it to the next level by hand.

    With a reason from the list, where complaints do not go up by themselves.

    \b
    helpline complaint send-up 10000018 --by collector --reason POLICY
    """
    _take(
        app, number, acting, as_json=as_json, taking=lambda o, who: o.send_up(number, who, reason_code, note)
    )


@_step("send-back", _REASON)
def send_back(app: App, *, number: str, reason: str, acting: Acting, as_json: bool) -> None:
    """Send it back to the level that sent it up.

    \b
    helpline complaint send-back 10000018 --as-post REVENUE-L4@division:bhopal --reason DISTRICT-CAN
    """
    _take(app, number, acting, as_json=as_json, taking=lambda o, who: o.send_back(number, who, reason))


@_step(
    "link",
    click.option("--to", "main", type=Number(), required=True, metavar="NUMBER", help="The main complaint."),
    click.option("--as", "how", type=click.Choice(["duplicate", "group"]), default="duplicate",
                 show_default=True, help="The same matter of the same citizen, or of several."),
)  # fmt: skip
def link(app: App, *, number: str, main: str, how: LinkHow, acting: Acting, as_json: bool) -> None:
    """Link it to another complaint of the matter.

    Nothing is deleted: both keep their clocks, and both citizens are asked.

    \b
    helpline complaint link 10000026 --to 10000018 --as group --by sita
    """
    _take(app, number, acting, as_json=as_json, taking=lambda o, who: o.link(number, who, main, how))


@_step("unlink")
def unlink(app: App, *, number: str, acting: Acting, as_json: bool) -> None:
    """Take a link away that was a mistake."""
    _take(app, number, acting, as_json=as_json, taking=lambda o, who: o.unlink(number, who))


@_step("reassign", _REASON)
def reassign(app: App, *, number: str, reason: str, acting: Acting, as_json: bool) -> None:
    """Give it to the officer of the edition in force.

    For the level it is at; both clocks go on.

    \b
    helpline complaint reassign 10000018 --by ramesh --reason NEW-EDITION
    """
    _take(app, number, acting, as_json=as_json, taking=lambda o, who: o.reassign(number, who, reason))


@_step("note", click.option("--text", required=True, help="What is to be remembered."))
def note(app: App, *, number: str, text: str, acting: Acting, as_json: bool) -> None:
    """Write a note.

    Of the officer who has it, it is an entry of his.

    \b
    helpline complaint note 10000018 --by sita --text "नागरिक ने फिर फ़ोन किया"
    """
    _take(app, number, acting, as_json=as_json, taking=lambda o, who: o.note(number, who, text))


@_step("answer", click.option("--text", required=True, help="What the citizen was told."))
def answer(app: App, *, number: str, text: str, acting: Acting, as_json: bool) -> None:
    """Answer a request for information; it closes."""
    _take(app, number, acting, as_json=as_json, taking=lambda o, who: o.answer(number, who, text))


@_step("decide-demand", _verdict, _REASON)
def decide_demand(app: App, *, number: str, accept: bool, reason: str, acting: Acting, as_json: bool) -> None:
    """Decide a demand or suggestion; it closes."""
    _take(
        app, number, acting, as_json=as_json,
        taking=lambda o, who: o.decide_demand(number, who, accept=accept, reason=reason),
    )  # fmt: skip


STEP_COMMANDS = (
    attend, propose, ask, change_type, out_of_department, decide_department, special_close, decide_close,
    send_up, send_back, link, unlink, reassign, note, answer, decide_demand,
)  # fmt: skip
"""In the order of the table of the life."""

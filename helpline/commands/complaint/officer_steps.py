"""The steps that officers take: of the level, of the district, and who decides special closes."""

import click

from helpline.app import App
from helpline.commands.complaint.taking import MORE, NOTE, REASON, REASON_CODE, TOLD, step, take, verdict
from helpline.commands.office_options import Acting
from office import Office
from office.finding import find_department, find_type
from records import Complaint
from records.life.steps import Actor


@step("attend", NOTE)
def attend(app: App, *, number: str, note: str, acting: Acting, as_json: bool) -> None:
    """Make the officer's entry: what he has done so far.

    \b
    helpline complaint attend 10000012 --by tehsildar.khilchipur --note "पटवारी को भेजा"
    """
    take(app, number, acting, as_json=as_json, taking=lambda o, who: o.attend(number, who, note))


@step("propose", NOTE)
def propose(app: App, *, number: str, note: str, acting: Acting, as_json: bool) -> None:
    """Say what resolved it (निराकरण); the citizen is asked next.

    \b
    helpline complaint propose 10000012 --by tehsildar.khilchipur --note "नामांतरण आदेश जारी"
    """
    take(app, number, acting, as_json=as_json, taking=lambda o, who: o.propose(number, who, note))


@step("change-type", click.option("--type", "type_text", required=True, help="Code or words."), REASON)
def change_type(app: App, *, number: str, type_text: str, reason: str, acting: Acting, as_json: bool) -> None:
    """Change the type, within the first days.

    To one of the same department; officer and limit follow.

    \b
    helpline complaint change-type 10000012 --by tehsildar.khilchipur --type REVENUE-02 --reason WRONG-TYPE
    """

    async def taking(office: Office, actor: Actor) -> Complaint:
        code = find_type(await office.edition(), type_text).code
        return await office.change_type(number, actor, code, reason)

    take(app, number, acting, as_json=as_json, taking=taking)


@step(
    "out-of-department",
    click.option("--department", required=True, help="Code or name of the department it belongs to."),
    REASON,
)
def out_of_department(
    app: App, *, number: str, department: str, reason: str, acting: Acting, as_json: bool
) -> None:
    """Propose it for another department.

    कार्यक्षेत्र से बाहर: the officer has talked to the citizen; the district officer decides.

    \b
    helpline complaint out-of-department 10000012 --by tehsildar.khilchipur --department PRD \\
        --reason OTHER-DEPARTMENT
    """

    async def taking(office: Office, actor: Actor) -> Complaint:
        code = find_department(await office.edition(), department).code
        return await office.propose_department(number, actor, code, reason)

    take(app, number, acting, as_json=as_json, taking=taking)


@step(
    "decide-department",
    verdict,
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
    helpline complaint decide-department 10000012 --by collector --accept --type PRD-03
    helpline complaint decide-department 10000012 --by collector --reject --reason "राजस्व का ही विषय"
    """
    if accept and type_text is None:
        raise click.UsageError("--accept needs --type: the type it has in the other department")

    async def taking(office: Office, actor: Actor) -> Complaint:
        code = find_type(await office.edition(), type_text).code if type_text else None
        return await office.decide_department(number, actor, accept=accept, type_code=code, reason=reason)

    take(app, number, acting, as_json=as_json, taking=taking)


@step("special-close", REASON_CODE, NOTE, TOLD)
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
    helpline complaint special-close 10000012 --by tehsildar.khilchipur --reason COURT \\
        --note "सिविल न्यायालय में वाद" --citizen-told
    """
    take(
        app, number, acting, as_json=as_json,
        taking=lambda o, who: o.propose_close(number, who, reason_code, note, citizen_told=citizen_told),
    )  # fmt: skip


@step("decide-close", verdict, REASON, TOLD)
def decide_close(
    app: App, *, number: str, accept: bool, reason: str, citizen_told: bool, acting: Acting, as_json: bool
) -> None:
    """Decide a special close: मान्य or अमान्य.

    Accepted, it is closed; rejected, it is with its officer again.

    \b
    helpline complaint decide-close 10000012 --by collector --accept --reason "वाद लंबित"
    """
    take(
        app, number, acting, as_json=as_json,
        taking=lambda o, who: o.decide_close(
            number, who, accept=accept, reason=reason, citizen_told=citizen_told
        ),
    )  # fmt: skip


@step("send-up", REASON_CODE, MORE)
def send_up(app: App, *, number: str, reason_code: str, note: str, acting: Acting, as_json: bool) -> None:
    """Send it to the next level by hand.

    With a reason from the list, where complaints do not go up by themselves.

    \b
    helpline complaint send-up 10000012 --by collector --reason POLICY
    """
    take(
        app, number, acting, as_json=as_json, taking=lambda o, who: o.send_up(number, who, reason_code, note)
    )


@step("send-back", REASON)
def send_back(app: App, *, number: str, reason: str, acting: Acting, as_json: bool) -> None:
    """Send it back to the level that sent it up.

    \b
    helpline complaint send-back 10000012 --as-post REVENUE-L4@division:bhopal --reason DISTRICT-CAN
    """
    take(app, number, acting, as_json=as_json, taking=lambda o, who: o.send_back(number, who, reason))


@step("decide-demand", verdict, REASON)
def decide_demand(app: App, *, number: str, accept: bool, reason: str, acting: Acting, as_json: bool) -> None:
    """Decide a demand or suggestion; it closes."""
    take(
        app, number, acting, as_json=as_json,
        taking=lambda o, who: o.decide_demand(number, who, accept=accept, reason=reason),
    )  # fmt: skip

"""``helpline complaint``: the life of complaints from the command line."""

import click

from helpline.commands.complaint import centre_steps, officer_steps
from helpline.commands.complaint.drafts import draft
from helpline.commands.complaint.explain import explain
from helpline.commands.complaint.listing import list_
from helpline.commands.complaint.register import register
from helpline.commands.complaint.show import show, steps
from helpline.commands.habitual import habitual


@click.group()
def complaint() -> None:
    """Register, show, list and explain complaints, and take the steps of their life.

    Who acts is said with --by USERNAME (somebody who may log in to the desk) or --as-post POST_ID (an
    administrator at this shell writes down what the holder of the post decided). What a step may do follows
    from role and post; `helpline complaint steps NUMBER` says who may do what now.

    \b
    helpline complaint register --by sita --type REVENUE-01 --place village:479544 \\
        --name रामलाल --phone 9812345610 --text "नामांतरण नहीं हुआ"
    helpline complaint show 10000012
    helpline complaint attend 10000012 --as-post REVENUE-L1@tehsil:3563 --note "पटवारी को भेजा"
    """


_COMMANDS = (
    register,
    show,
    list_,
    steps,
    explain,
    habitual,
    draft,
    officer_steps.attend,
    officer_steps.propose,
    officer_steps.change_type,
    officer_steps.out_of_department,
    officer_steps.decide_department,
    officer_steps.special_close,
    officer_steps.decide_close,
    officer_steps.send_up,
    officer_steps.send_back,
    officer_steps.decide_demand,
    centre_steps.ask,
    centre_steps.link,
    centre_steps.unlink,
    centre_steps.reassign,
    centre_steps.note,
    centre_steps.answer,
)

for command in _COMMANDS:
    complaint.add_command(command)

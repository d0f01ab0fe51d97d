"""``helpline complaint`` as it is typed: what is printed, what is refused and how, and the status."""

import asyncio
import re

import pytest

from helpline.app import App
from records import open_records
from tests.helpline.conftest import FORM, Run, ist, registered, take
from tests.office.office_sheets import COLLECTOR, SDO, TEHSILDAR


def test_a_whole_life(run: Run) -> None:
    """Resolved, not agreed, one level up, proposed for special close, rejected, resolved again, agreed."""
    number = registered(run)
    by_tehsildar, by_collector = ("--by", "mohan"), ("--as-post", COLLECTOR)
    take(run, "attend", number, *by_tehsildar, "--note", "पटवारी को भेजा", "--at", "2026-11-03")
    take(run, "propose", number, *by_tehsildar, "--note", "आदेश जारी", "--at", "2026-11-04")
    take(run, "ask", number, "--by", "sita", "--result", "unreachable", "--at", "2026-11-05")
    assert "not reached: 1 try" in run("complaint", "show", number, "--at", "2026-11-05").out
    moved = take(run, "ask", number, "--by", "sita", "--result", "not_satisfied", "--at", "2026-11-06")
    assert "→ L2 अनुविभागीय अधिकारी" in moved.out
    back = run("complaint", "show", number, "--at", "2026-11-06").out
    assert "not satisfied on 6 November 2026" in back
    assert back.count("कारण नहीं बताया गया (no reason was given)") == 2, "above, and in the history"
    assert "not reached:" not in run("complaint", "show", number, "--at", "2026-11-06").out, "he was since"
    assert "until the end of 13 November 2026" in moved.out
    close = ("--reason", "COURT", "--note", "वाद लंबित", "--citizen-told", "--at", "2026-11-07")
    take(run, "special-close", number, "--as-post", SDO, *close)
    why = ("--reject", "--reason", "कोई वाद नहीं", "--at", "2026-11-08")
    take(run, "decide-close", number, *by_collector, *why)
    take(run, "propose", number, "--as-post", SDO, "--note", "नक़ल दी", "--at", "2026-11-09")
    last = take(run, "ask", number, "--by", "sita", "--result", "satisfied", "--at", "2026-11-10")
    assert "संतुष्टिपूर्ण बंद (Closed with satisfaction)" in last.out
    page = run("complaint", "show", number, "--at", "2026-12-01").out
    for part in (
        "रामलाल वर्मा, 98123 45610",
        "closed after 8 days, since 2 November 2026",
        "असंतुष्ट (not satisfied)",
        "अमान्य (rejected)",
        "कोई वाद नहीं",
        "प्रकरण न्यायालय में विचाराधीन (The matter is before a court)",
        f"[{COLLECTOR}]",
    ):
        assert part in page, part
    kinds = [event["kind"] for event in run("complaint", "show", number, "--json").json["events"]]
    assert kinds == [
        "registered", "assigned", "attended", "resolution_proposed", "citizen_asked", "citizen_asked",
        "close_proposed", "close_decided", "resolution_proposed", "citizen_asked",
    ]  # fmt: skip
    assert "nothing was changed" in run("records", "verify").out


def test_another_department(run: Run) -> None:
    number = registered(run)
    take(run, "out-of-department", number, "--by", "mohan", "--department", "panchayat",
         "--reason", "OTHER-DEPARTMENT", "--at", "2026-11-03")  # fmt: skip
    decided = run("complaint", "decide-department", number, "--as-post", COLLECTOR, "--accept")
    assert (decided.status, "--type" in decided.err) == (2, True)
    take(run, "decide-department", number, "--as-post", COLLECTOR, "--accept", "--type", "kuan",
         "--at", "2026-11-04")  # fmt: skip
    page = run("complaint", "show", number, "--at", "2026-11-04").out
    assert "कार्य अन्य विभाग का" in page
    assert "REVENUE-01 → PRD-03 कपिलधारा कूप निर्माण" in page
    assert "7 days left, until the end of 11 November 2026" in page


def test_show_tells_both_clocks_and_who_to_call(run: Run) -> None:
    number = registered(run)
    page = run("complaint", "show", number, "--at", "2026-11-05T23:59").out
    assert f"{number[:4]} {number[4:]}  अधिकारी के पास (With the officer)" in page
    assert "मोहन शर्मा (Mohan Sharma), 98260 12345" in page
    assert "for 3 days, since 2 November 2026" in page
    assert "L1 for 3 days; 4 days left, until the end of 9 November 2026" in page
    assert "तहसील राजगढ़, विकासखण्ड राजगढ़, जिला राजगढ़" in page
    assert "today is the last day" in run("complaint", "show", number, "--at", "2026-11-09T23:59").out
    late = run("complaint", "show", number, "--at", "2026-11-10T00:00").out
    assert "OVERDUE by 1 day: the limit ended with 9 November 2026" in late
    deputy = run("complaint", "show", number, "--at", "2026-12-24").out
    assert "सीमा वर्मा (Seema Verma), 98260 54321, as deputy" in deputy
    assert "मोहन शर्मा (Mohan Sharma), 98260 12345, does not act today" in deputy


def test_steps_by_role_and_post(run: Run) -> None:
    number = registered(run)

    def steps(*who: str) -> set[str]:
        return set(run("complaint", "steps", number, *who, "--json", "--at", "2026-11-03").json["steps"])

    assert steps("--by", "mohan") == {
        "attend", "propose", "change-type", "out-of-department", "special-close", "note",
    }  # fmt: skip
    assert steps("--by", "sita") == {"link", "note"}
    assert steps("--by", "anil") == {"link", "reassign", "note"}
    assert steps("--as-post", COLLECTOR) == {"note"}
    everybody = run("complaint", "steps", number, "--at", "2026-11-20").out
    assert "the clock, by itself\n      escalate" in everybody
    assert f"[{TEHSILDAR}], मोहन शर्मा (Mohan Sharma)" in " ".join(everybody.split())
    line = run("complaint", "steps", number, "--by", "sita").out
    assert line == "sita may now: link, note\n"


def test_what_is_refused_says_who_may_and_what_is_possible(run: Run) -> None:
    number = registered(run)
    told = run("complaint", "attend", number, "--by", "sita", "--note", "x")
    assert told.status == 1
    assert told.err.startswith(f"helpline: complaint {number}: attend is refused, this is for the officer")
    assert f"({TEHSILDAR}), Mohan Sharma, 9826012345, login mohan; possible now: link, note" in told.err
    as_json = run("complaint", "attend", number, "--by", "sita", "--note", "x", "--json")
    assert as_json.status == 1
    assert as_json.json["ok"] is False
    assert (as_json.json["step"], as_json.json["code"]) == ("attend", "actor")
    assert as_json.json["steps"] == ["link", "note"]
    reason = run("complaint", "special-close", number, "--by", "mohan", "--reason", "NO", "--note", "x")
    assert reason.status == 1
    assert re.search(r"COURT +प्रकरण न्यायालय में विचाराधीन", reason.err)


@pytest.mark.parametrize(
    ("arguments", "status", "part"),
    [
        (("show", "10000013"), 2, "a digit is mistyped"),
        (("show", "10000012"), 1, "there is no complaint 10000012"),
        (("attend", "10000012", "--note", "x"), 2, "say who acts"),
        (("attend", "10000012", "--note", "x", "--by", "nobody"), 1, "there is no complaint 10000012"),
        (("steps", "10000012", "--by", "nobody"), 1, "there is no user nobody"),
        (("note", "10000012", "--by", "sita"), 2, "--text"),
        (("list", "--phone", "99"), 1, "ten digits"),
        (("list", "--department", "moon"), 1, "REVENUE"),
        (("list", "--of", "sita"), 1, "holds no post"),
        (("list", "--at", "tomorrow"), 2, "is not a moment such as"),
        (("list", "--at", "9999-12-31"), 2, "write a year from 2000 to 2199"),
        (("register", "--by", "sita", *FORM, "--at", "0001-01-01T00:00"), 2, "write a year from 2000"),
        (("register", "--by", "sita", *FORM, "--key", " "), 2, "write 1 to 200 characters"),
        (("register", "--by", "sita", *FORM, "--key", "x" * 201), 2, "write 1 to 200 characters"),
        (("register", "--by", "sita", *FORM, "--district", "xx"), 1, "'xx' is no district's code"),
        (("draft", "discard", "7", "--by", "sita", "--reason", "TEST"), 1, "there is no message 7"),
        (("draft", "discard", "9" * 20, "--by", "sita", "--reason", "TEST"), 2, "is not in the range"),
    ],
)
def test_mistakes_are_one_line_with_a_remedy(
    run: Run, arguments: tuple[str, ...], status: int, part: str
) -> None:
    told = run("complaint", *arguments)
    assert (told.status, told.out) == (status, "")
    assert part in told.err
    assert "Traceback" not in told.err


def test_a_key_used_again_with_other_content_is_told(run: Run) -> None:
    first = run("complaint", "register", "--by", "sita", *FORM, "--key", "A", "--json").json
    same = run("complaint", "register", "--by", "sita", *FORM, "--key", "A")
    assert "registered before" not in same.out
    other = run("complaint", "register", "--by", "sita", *FORM, "--name", "दूसरा", "--key", "A")
    assert "this key was registered before: what is written now is not stored" in other.out
    third = run("complaint", "register", "--by", "sita", *FORM, "--name", "दूसरा", "--key", "A", "--json").json
    assert (third["number"], third["stale"], first["stale"]) == (first["number"], True, False)


def test_type_and_place_by_words(run: Run) -> None:
    words = [*FORM]
    words[1], words[3] = "namantaran", "खजूरी"
    assert run("complaint", "register", "--by", "sita", *words).status == 0
    words[1] = "zameen"
    several = run("complaint", "register", "--by", "sita", *words)
    assert several.status == 1
    assert "REVENUE-01" in several.err
    assert "REVENUE-02" in several.err
    words[1], words[3] = "REVENUE-01", "atlantis"
    assert "no place is called" in run("complaint", "register", "--by", "sita", *words).err


def test_the_form_is_checked_as_at_the_desk(run: Run) -> None:
    empty = [*FORM]
    empty[5], empty[7], empty[9] = " ", "12", ""
    told = run("complaint", "register", "--by", "sita", *empty)
    assert told.status == 1
    assert told.err.startswith("helpline: Write the citizen's name. Write a mobile number of 10 digits")
    assert len(told.err.splitlines()) == 1


def test_a_key_registers_once(run: Run) -> None:
    assert registered(run, "--key", "paper-7") == registered(run, "--key", "paper-7")


def test_lists_and_their_empty_states(run: Run) -> None:
    assert "no complaint fits" in run("complaint", "list").out
    assert run("complaint", "list", "--json").json == []
    assert run("complaint", "draft", "list").out == "no message waits\n"
    assert run("complaint", "habitual").out == "nobody has more than 10 complaints\n"
    number = registered(run)
    listed = run("complaint", "list", "--of", "mohan", "--at", "2026-11-12").out.splitlines()
    assert re.search(rf"{number[:4]} {number[4:]} +3 d OVERDUE +10 d +L1 तहसीलदार", listed[1])
    assert "no complaint fits" in run("complaint", "list", "--overdue", "--at", "2026-11-09T23:00").out
    found = run(
        "complaint", "list", "--overdue", "--phone", "9812345610", "--json", "--at", "2026-11-10"
    ).json
    assert [(each["number"], each["clocks"]["left"]) for each in found] == [(number, -1)]
    assert "no complaint fits" in run("complaint", "list", "--status", "closed").out
    assert "no complaint fits" in run("complaint", "list", "--text", "बिजली").out
    assert "the first 1; --limit shows more" in run("complaint", "list", "--limit", "1").out
    assert "nobody" in run("complaint", "habitual", "--over", "1").out
    registered(run)
    assert "98123 45610" in run("complaint", "habitual", "--over", "1").out


def test_notes_links_and_a_change_of_type(run: Run) -> None:
    number, other = registered(run), registered(run)
    take(run, "note", number, "--by", "sita", "--text", "फिर फ़ोन किया", "--at", "2026-11-02T11:00")
    take(run, "change-type", number, "--by", "mohan", "--type", "बंटवारा", "--reason", "WRONG-TYPE",
         "--at", "2026-11-03")  # fmt: skip
    take(run, "link", other, "--to", number, "--as", "group", "--by", "sita")
    page = run("complaint", "show", number).out
    assert f"{other[:4]} {other[4:]} is linked to this one" in page
    assert "पंजीयन में प्रारूप गलत चुना गया" in page
    assert "the main complaint of the matter" in run("complaint", "show", other).out
    take(run, "unlink", other, "--by", "sita")
    assert "linked to this one" not in run("complaint", "show", number).out


def test_messages_become_complaints_or_are_discarded(run: Run, app: App) -> None:
    async def spoken() -> list[int]:
        async with await open_records(app.records_url) as records:
            stored = [
                await records.drafts.store(
                    f"call-{each}", "+919812345610", "39", "a.wav", 12.5, ist("2026-11-02T09:00")
                )
                for each in (1, 2)
            ]
            return [draft.id for draft in stored]

    first, second = (str(draft_id) for draft_id in asyncio.run(spoken()))
    listed = run("complaint", "draft", "list").out
    assert re.search(rf"{first} +2 November 2026, 09:00 +98123 45610 +0:12 +.*a.wav", listed)
    made = run("complaint", "draft", "complete", first, "--by", "sita", *FORM, "--json").json
    assert (made["call_id"], made["caller_e164"]) == ("call-1", "+919812345610")
    wrong = run("complaint", "draft", "discard", second, "--by", "sita", "--reason", "BORED")
    assert (wrong.status, "NO-SPEECH" in wrong.err) == (1, True)
    gone = run("complaint", "draft", "discard", second, "--by", "sita", "--reason", "TEST")
    assert gone.out == f"message {second} is discarded: TEST\n"
    assert run("complaint", "draft", "list").out == "no message waits\n"
    again = run("complaint", "draft", "discard", first, "--by", "sita", "--reason", "TEST")
    assert (again.status, f"complaint {made['number']}" in again.err) == (1, True)


def test_every_command_explains_itself(run: Run) -> None:
    listed = run("complaint", "--help").out
    commands = re.findall(r"^  ([a-z-]+)  +\S", listed.partition("Commands:")[2], re.MULTILINE)
    assert len(commands) > 20
    for command in commands:
        told = run("complaint", command, "--help")
        assert (told.status, "Usage: helpline complaint" in told.out) == (0, True)


def test_while_the_citizen_is_to_be_asked_nothing_is_overdue(run: Run) -> None:
    number = registered(run)
    take(run, "propose", number, "--by", "mohan", "--note", "आदेश जारी", "--at", "2026-11-04")
    page = " ".join(run("complaint", "show", number, "--at", "2026-11-20").out.split())
    assert "its clock stands until the citizen is asked (the last day: 9 November 2026)" in page
    assert "it goes up only when he is not satisfied" in page
    assert "OVERDUE" not in page
    assert "to be asked" in run("complaint", "list", "--at", "2026-11-20").out
    assert run("complaint", "list", "--overdue", "--at", "2026-11-20", "--json").json == []
    clocks = run("complaint", "list", "--at", "2026-11-20", "--json").json[0]["clocks"]
    assert (clocks["waits"], clocks["overdue"]) == (True, False)


def test_a_post_that_is_mistyped_is_told(run: Run) -> None:
    registered(run)
    told = run("complaint", "list", "--post", TEHSILDAR.replace("L1", "LI"))
    assert told.status == 1
    assert f"did you mean {TEHSILDAR}" in told.err
    assert run("complaint", "list", "--post", COLLECTOR).status == 0


def test_no_clock_runs_backwards(run: Run) -> None:
    number = registered(run)
    page = run("complaint", "show", number, "--at", "2026-10-01").out
    assert "for 0 days, since 2 November 2026" in page
    clocks = run("complaint", "show", number, "--at", "2026-10-01", "--json").json["clocks"]
    assert (clocks["total"], clocks["at_level"], clocks["left"]) == (0, 0, 7)


def test_a_refusal_is_a_sentence_with_its_remedy(run: Run) -> None:
    number = registered(run, "--kind", "information")
    wrong = run("complaint", "propose", number, "--by", "mohan", "--note", "x", "--at", "2026-11-03").err
    assert "it is a request for information, and this is for: complaint" in wrong
    early = run("complaint", "note", number, "--by", "sita", "--text", "x", "--at", "2026-11-01").err
    assert "2026-11-02 10:00, later than this moment (2026-11-01 12:00); name a later one" in early
    same = run("complaint", "reassign", number, "--by", "anil", "--reason", "x", "--at", "2026-11-03").err
    assert "nothing to move until an edition that names others is published" in same

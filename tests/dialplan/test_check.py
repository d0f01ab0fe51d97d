"""The checker finds what administrators break, and nothing in what is shipped."""

import shutil
from pathlib import Path

import pytest

from dialplan.check import CONF_DIR, check
from dialplan.conftext import bracket_fault, expanded, lines, parse_dialplan, split_arguments, strip_comment
from dialplan.errors import DialplanError
from dialplan.rules import check_files
from ivr_prompts.catalogue import load_catalogue

PROMPTS = frozenset(load_catalogue().keys())
MODULES = "[modules]\nautoload = no\nload = app_playback.so\nload = app_stack.so\nload = func_logic.so\n"
PLAN = """[general]
static = yes

[citizen]
exten => s,1,Answer()
 same => n(ask),Playback(h181/greeting)
 same => n,Gosub(helper,s,1(x))
 same => n,GotoIf($["${A}" = ""]?ask:helper,s,out)
 same => n,Hangup()

[helper]
exten => s,1,NoOp(${IF($[1 = 1]?a:b)})
 same => n(out),Return()
"""


def problems(plan: str = PLAN, **files: str) -> list[str]:
    """What the checker says of a dialplan in a small configuration."""
    texts = {
        "asterisk.conf": "", "manager.conf": "", "pjsip.conf": "", "queues.conf": "",
        "modules.conf": MODULES, "extensions.conf": plan,
    }  # fmt: skip
    texts.update({name.replace("_", "."): text for name, text in files.items()})
    return [str(problem) for problem in check_files(texts, known_prompts=PROMPTS)]


def test_the_shipped_configuration_has_no_problem() -> None:
    assert [str(problem) for problem in check(known_prompts=PROMPTS)] == []


def test_a_correct_small_dialplan_has_no_problem() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("Hangup()", "Hangup(", "extensions.conf:9: the '(' is not closed; correct the brackets"),
        ("Answer()", "Answer())", "extensions.conf:5: a ')' too many; correct the brackets"),
        ('""]?ask', '""?ask', "extensions.conf:8: a ')' too many; correct the brackets"),
        ("Gosub(helper,s,1(x))", "Gosub(helpre,s,1)", "extensions.conf:7: goes to context [helpre], which"),
        ("Gosub(helper,s,1(x))", "Goto(helper,t,1)", "extensions.conf:7: goes to extension t of [helper]"),
        ("?ask:", "?asks:", "extensions.conf:8: goes to asks of extension s in [citizen]"),
        ("helper,s,out", "helper,s,oot", "extensions.conf:8: goes to oot of extension s in [helper]"),
        ("h181/greeting", "h181/greting", "extensions.conf:6: prompt h181/greting is not in the catalogue"),
        ("h181/greeting", "h181/distric/${X}", "extensions.conf:6: prompt h181/distric/${X} is not in"),
        (
            "same => n,Hangup()",
            "exten => s,1,Hangup()",
            "9: priority 1 of s in [citizen] is already at extensi",
        ),
        ("n,Hangup()", "n(ask),Hangup()", "9: label ask of s in [citizen] is already at extensions.conf:6"),
        ("[helper]", "[helper", "extensions.conf:11: a section's heading is not closed"),
        ("n,Hangup()", "n Hangup()", "extensions.conf:9: a priority and an application are needed"),
        (
            "Hangup()",
            "Record(x.wav)",
            "extensions.conf:9: application Record needs app_record.so, which is not",
        ),
        ("Hangup()", "Hngup()", "extensions.conf:9: application Hngup is not known"),
        (
            "Hangup()",
            "Set(X=${CUT(Y,-,1)})",
            "extensions.conf:9: function CUT needs func_cut.so, which is not",
        ),
        ("Hangup()", "Set(H181_DISTRIKT=39)", "extensions.conf:9: variable H181_DISTRIKT is not known"),
        ("Hangup()", "Set(__H181_DISTRIKT=39)", "extensions.conf:9: variable H181_DISTRIKT is not known"),
        (
            "static = yes",
            '#include "missing.conf"',
            "extensions.conf:2: includes missing.conf, which does not",
        ),
        ("static = yes", "#exec /bin/true", "extensions.conf:2: #exec is not understood"),
        ("[helper]", "[helper]\ninclude => other", "12: includes context [other], which does not exist"),
    ],
)
def test_each_mistake_is_named_with_file_and_line(old: str, new: str, found: str) -> None:
    assert old in PLAN
    named = problems(PLAN.replace(old, new, 1))
    assert any(found in problem for problem in named), named


@pytest.mark.parametrize(
    "lines",
    [
        "exten => _91X.,1,Answer()\nexten => _91X.,n,Goto(${EXTEN:2},1)\nexten => _91X.,n,Hangup()",
        "exten => s,1,Answer()\nexten => 12,n,Hangup()\nexten => s,next,Hangup()",
        "exten => s,1,Answer()\n same => n+10(out),Hangup()\nexten => t,1,Goto(s,out)",
        "exten => 2001,hint,PJSIP/2001\nexten => 2001,1,Answer()\nexten => 2001,n,Hangup()",
    ],
)
def test_lines_numbered_as_in_books_have_no_problem(lines: str) -> None:
    assert problems(f"{PLAN}\n[books]\n{lines}\n") == []


def test_n_counts_on_from_the_line_before_whatever_its_extension() -> None:
    plan = (
        "[c]\nexten => a,1,Answer()\nexten => b,n,Answer()\n"
        " same => n+10(x),Answer()\n same => n(y)+5,Answer()\n"
    )
    steps = parse_dialplan(lines({"f": plan}, "f")).steps
    assert [(step.extension, step.priority, step.label) for step in steps] == [
        ("a", 1, ""), ("b", 2, ""), ("b", 13, "x"), ("b", 14, "y"),
    ]  # fmt: skip


def test_no_priority_is_below_one() -> None:
    (named,) = problems(f"{PLAN}\n[books]\nexten => 7,0,Answer()\nexten => 8,1,Hangup()\n")
    assert "priority 0, but the first is 1" in named


@pytest.mark.parametrize("first", ["exten => s,n,Answer()", "exten => s,hint,PJSIP/1\n same => n,Answer()"])
def test_n_needs_a_priority_before_it(first: str) -> None:
    (named,) = problems(f"{PLAN}\n[books]\n{first}\n")
    assert "n has no priority before it in [books]" in named


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("exten =>\u00a0s,1,Answer()", "a blank that is none (U+00A0)"),
        ("\u00a0exten => s,1,Answer()", "a blank that is none (U+00A0)"),
        ("exten => s,1,Set(X=\u201c1\u201d)", "a curly quotation mark \u201c"),
        ("exten => s,1,Answer() ; \u00a0a \u201cnote\u201d", ""),
        ("exten => s,1,Answer()", ""),
    ],
)
def test_what_is_copied_from_a_page_is_told(line: str, found: str) -> None:
    named = problems(f"{PLAN}\n[copied]\n{line}\n")
    assert (
        (found in named[0] and f"extensions.conf:{PLAN.count(chr(10)) + 3}:" in named[0])
        if found
        else named == []
    )


def test_a_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    shutil.copytree(CONF_DIR, tmp_path / "conf", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name in ("trunk-in.conf", "waiting.conf"):
        path = tmp_path / "conf" / "extensions.d" / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert check(tmp_path / "conf", known_prompts=PROMPTS) == []


def test_all_mistakes_are_named_at_once_in_the_order_of_the_files() -> None:
    broken = (
        PLAN.replace("Answer()", "Answer(").replace("h181/greeting", "h181/x").replace("Hangup()", "Hup()")
    )
    assert [problem.split(":")[1] for problem in problems(broken)] == ["5", "6", "9"]


def test_a_hangup_handler_must_exist() -> None:
    with_handler = PLAN.replace("Answer()", "Set(CHANNEL(hangup_handler_push)=gone,s,1)")
    modules = MODULES + "load = func_channel.so\n"
    assert "hangup handler gone,s does not exist" in problems(with_handler, modules_conf=modules)[0]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("secret = abc;def", "the secret ends at its ';'"),
        ("password = ", "the password is empty"),
        ("password = ;none", "the password is empty"),
        ("password = good-one", ""),
        ("password = good-one ; a comment", ""),
        ("password = with\\;escape", ""),
    ],
)
def test_secrets_that_end_early(line: str, found: str) -> None:
    named = problems(manager_conf=f"[x]\n{line}\n")
    assert (named == []) if not found else (found in named[0] and named[0].startswith("manager.conf:2:"))


def test_a_secret_is_never_shown() -> None:
    assert "abc" not in problems(manager_conf="[x]\nsecret = abc;def\n")[0]


def test_contexts_of_endpoints_must_exist() -> None:
    named = problems(pjsip_conf="[e]\ntype = endpoint\nidentify_by = ip\ncontext = nowhere\n")
    assert named == ["pjsip.conf:4: context [nowhere] does not exist; correct the name"]


def test_a_missing_file_is_named() -> None:
    assert str(check_files({"asterisk.conf": ""})[0]).endswith("the file is missing; restore it")


def test_modules_are_not_asked_for_when_all_are_loaded() -> None:
    plan = PLAN.replace("Hangup()", "Record(x.wav)")
    assert problems(plan, modules_conf="[modules]\nautoload = yes\n") == []


def test_a_folder_without_configuration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DialplanError, match=r"extensions\.conf"):
        check(tmp_path)


def test_a_broken_copy_of_the_shipped_folder_is_refused(tmp_path: Path) -> None:
    for path in [*CONF_DIR.glob("*.conf"), *CONF_DIR.glob("extensions.d/*.conf")]:
        copy = tmp_path / path.relative_to(CONF_DIR)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (tmp_path / "extensions.d" / "fallback.conf").unlink()
    named = [str(problem) for problem in check(tmp_path, known_prompts=PROMPTS)]
    assert any("includes extensions.d/fallback.conf, which does not exist" in problem for problem in named)
    assert any("goes to context [fallback], which does not exist" in problem for problem in named)


def test_a_folder_named_like_the_prompts_is_no_prompt() -> None:
    assert problems(generated_x_conf="astetcdir => /srv/h181/etc\nentry = /srv/h181/nowhere\n") == []


def test_comments_and_blocks() -> None:
    text = "a = 1 ; c\n;-- hidden\n[x\n--;\nb = \\; kept\n;----\nc = 2\n"
    assert [line.text for line in lines({"f": text}, "f")] == ["a = 1", "b = \\; kept", "c = 2"]
    assert strip_comment("x\\;y;z") == "x\\;y"


def test_includes_are_followed_once() -> None:
    files = {"a": '#include "b"\nx = 1', "b": '#include "a"\ny = 2'}
    assert [(line.file, line.text) for line in expanded(files, "a")] == [("b", "y = 2"), ("a", "x = 1")]


def test_brackets_and_arguments() -> None:
    assert bracket_fault("Set(A=${FILTER(0-9,${B})})") is None
    assert bracket_fault("Set(A=[)]") == "a ')' too many"
    assert split_arguments('a,b(c,d),"e,f",${G(h,i)}') == ["a", "b(c,d)", '"e,f"', "${G(h,i)}"]


def test_hints_and_numbers_are_parsed() -> None:
    plan = parse_dialplan(
        lines({"f": "[c]\nexten => 5,hint,PJSIP/5\nexten => 5,1,NoOp()\n same => n+2,NoOp()"}, "f")
    )
    assert [(step.extension, step.priority) for step in plan.steps] == [("5", None), ("5", 1), ("5", 4)]

"""The rules that a configuration must keep: finds what administrators break, before Asterisk meets it.

Pure: `check_files` works on texts; `dialplan.check` reads folders.
"""

import re
from collections.abc import Iterator, Mapping

from dialplan.conftext import Dialplan, Line, expanded, include_target, lines, parse_dialplan
from dialplan.problem import Problem, at
from dialplan.rules_sip import check_sip
from dialplan.steps import check_dialplan

REQUIRED = ("asterisk.conf", "extensions.conf", "modules.conf", "pjsip.conf", "queues.conf", "manager.conf")
GENERATED_PREFIX = "generated/"

_SECRET_OPTION = re.compile(r"\s*(secret|password|md5_cred)\s*=>?\s*(.*)$")
_FALSE_BLANK = re.compile(r"[\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]")
_CURLY_QUOTE = re.compile(r"[\u2018\u2019\u201c\u201d]")
_PROMPT = re.compile(r"(?<![\w/.-])h181/((?:[A-Za-z0-9_/-]|\$\{[^}]*\})*)")


def check_files(files: Mapping[str, str], *, known_prompts: frozenset[str] | None = None) -> list[Problem]:
    """Every mistake found in the files (name -> text), in the order of the files.

    With `known_prompts` (the catalogue's), prompts it does not have are mistakes.
    """
    problems = [
        Problem(name, 0, "the file is missing", "restore it") for name in REQUIRED if name not in files
    ]
    for name in files:
        for line in lines(files, name):
            problems += _check_line(line, files, known_prompts)
    if "extensions.conf" in files:
        plan = parse_dialplan(expanded(files, "extensions.conf"))
        for line, what in plan.broken:
            problems.append(at(line, what, "correct the line"))
        problems += check_dialplan(plan, loaded_modules(files))
        problems += _check_contexts(files, plan)
    if "pjsip.conf" in files:
        problems += check_sip(expanded(files, "pjsip.conf"))
    order = list(files)
    return sorted(
        set(problems),
        key=lambda one: (order.index(one.file) if one.file in order else -1, one.line, one.what),
    )


def _check_line(
    line: Line, files: Mapping[str, str], known_prompts: frozenset[str] | None
) -> Iterator[Problem]:
    if line.text.startswith("#"):
        target = include_target(line)
        if target is None:
            yield at(line, f"{line.text.split()[0]} is not understood", 'use #include "file"')
        elif target not in files and line.file != f"{GENERATED_PREFIX}asterisk.conf":
            yield at(line, f"includes {target}, which does not exist", "correct the name or restore the file")
        return
    yield from _check_signs(line)
    if line.text.startswith("[") and not re.match(r"\[[^\[\]]+\](\([^()]*\))?$", line.text):
        yield at(line, "a section's heading is not closed", "write [name] or [name](template)")
    secret = _SECRET_OPTION.match(line.raw)
    if secret:
        yield from _check_secret(line, secret[1], secret[2])
    if known_prompts is not None:
        for match in _PROMPT.finditer(line.text):
            if not _is_known(match[1], known_prompts):
                yield at(
                    line, f"prompt h181/{match[1]} is not in the catalogue", "correct it or add the prompt"
                )


def _check_signs(line: Line) -> Iterator[Problem]:
    """What comes along with text copied from a web page, and Asterisk does not understand."""
    written = re.split(r"(?<!\\);", line.raw)[0]
    blank = _FALSE_BLANK.search(written)
    if blank:
        yield at(line, f"a blank that is none (U+{ord(blank[0]):04X})", "type the blanks of this line anew")
    quote = _CURLY_QUOTE.search(written)
    if quote and re.match(r"exten|same", line.text):
        yield at(line, f"a curly quotation mark {quote[0]}", "write straight ones: \" or '")


def _is_known(key: str, prompts: frozenset[str]) -> bool:
    """Whether a prompt has this key; a variable in it stands for anything."""
    pattern = ".+".join(map(re.escape, re.split(r"\$\{[^}]*\}", key)))
    return any(re.fullmatch(pattern, prompt) for prompt in prompts)


def _check_secret(line: Line, name: str, value: str) -> Iterator[Problem]:
    """A `;` begins a comment unless a backslash stands before it: the password would end there unnoticed."""
    if re.search(r"(?<=[^\s\\]);", value):
        yield at(line, f"the {name} ends at its ';'", "write \\; or use letters, digits and . _ ~ - only")
    elif not re.split(r"(?<!\\);", value)[0].strip():
        yield at(line, f"the {name} is empty", "set one, or remove the line's section")


def loaded_modules(files: Mapping[str, str]) -> frozenset[str] | None:
    """Modules (without .so) that modules.conf loads; None when it loads everything there is."""
    found = set[str]()
    for line in expanded(files, "modules.conf") if "modules.conf" in files else ():
        match = re.match(r"(load|require|preload|preload-require|autoload)\s*=>?\s*(\S+)$", line.text)
        if match and match[1] == "autoload":
            if match[2].lower() in ("yes", "true", "on", "1"):
                return None
        elif match:
            found.add(match[2].removesuffix(".so"))
    return frozenset(found)


def _check_contexts(files: Mapping[str, str], plan: Dialplan) -> Iterator[Problem]:
    """Contexts that the SIP endpoints name must exist."""
    for name in files:
        if not name.split("/")[-1].startswith("pjsip"):
            continue
        for line in lines(files, name):
            match = re.match(r"(?:subscribe_)?context\s*=>?\s*(\S+)$", line.text)
            if match and match[1] not in plan.contexts:
                yield at(line, f"context [{match[1]}] does not exist", "correct the name")

"""The rules that a configuration must keep: finds what administrators break, before Asterisk meets it.

Pure: `check_files` works on texts; `dialplan.check` reads folders.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dialplan import variables
from dialplan.conftext import (
    Dialplan,
    Line,
    Step,
    bracket_fault,
    expanded,
    include_target,
    lines,
    parse_dialplan,
    split_arguments,
)

REQUIRED = ("asterisk.conf", "extensions.conf", "modules.conf", "pjsip.conf", "queues.conf", "manager.conf")
GENERATED_PREFIX = "generated/"
INNER_VARIABLES = frozenset(
    f"H181_{name}"
    for name in (
        "AGI", "STEP_SECONDS", "QUEUE_SECONDS", "KEY_SECONDS", "RECORDINGS", "AGI_DOWN", "STEP", "KEYS",
        "KEY", "DISTRICT_SOUND", "FALLBACK", "ENDED",
    )
)  # fmt: skip
"""Names that only the dialplan itself uses."""

_SECRET_OPTION = re.compile(r"(secret|password|md5_cred)\s*=>?\s*(.*)$")
_PROMPT = re.compile(r"\bh181/([A-Za-z0-9_/-]*)")
_TARGETS = {"goto": 0, "gosub": 0, "gotoif": 1, "gosubif": 1}


@dataclass(frozen=True)
class Problem:
    """One mistake; `line` counts from 1, 0 when the whole file is meant."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.remedy}"


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
            problems.append(_at(line, what, "correct the line"))
        problems += _check_dialplan(plan)
        problems += _check_contexts(files, plan)
    order = list(files)
    return sorted(
        set(problems),
        key=lambda one: (order.index(one.file) if one.file in order else -1, one.line, one.what),
    )


def _at(line: Line, what: str, remedy: str) -> Problem:
    return Problem(line.file, line.number, what, remedy)


def _check_line(
    line: Line, files: Mapping[str, str], known_prompts: frozenset[str] | None
) -> Iterator[Problem]:
    if line.text.startswith("#"):
        target = include_target(line)
        if target is None:
            yield _at(line, f"{line.text.split()[0]} is not understood", 'use #include "file"')
        elif target not in files and line.file != f"{GENERATED_PREFIX}asterisk.conf":
            yield _at(
                line, f"includes {target}, which does not exist", "correct the name or restore the file"
            )
        return
    if line.text.startswith("[") and not re.match(r"\[[^\[\]]+\](\([^()]*\))?$", line.text):
        yield _at(line, "a section's heading is not closed", "write [name] or [name](template)")
    secret = _SECRET_OPTION.match(line.text)
    if secret and not re.fullmatch(r"[^\s;\"',\\]+", secret[2]):
        yield _at(
            line,
            f"the {secret[1]} has a character that ends or changes it",
            "use letters, digits and . _ ~ -",
        )
    if known_prompts is not None:
        for match in _PROMPT.finditer(line.text):
            if match[1] not in known_prompts:
                yield _at(
                    line, f"prompt h181/{match[1]} is not in the catalogue", "correct it or add the prompt"
                )


def _check_dialplan(plan: Dialplan) -> Iterator[Problem]:
    taken: dict[tuple[str, str, int | str], Step] = {}
    known = INNER_VARIABLES | {value for value in vars(variables).values() if isinstance(value, str)}
    for step in plan.steps:
        if step.priority is not None:
            for key in (step.priority, step.label):
                if key == "":
                    continue
                first = taken.setdefault((step.context, step.extension, key), step)
                if first is not step:
                    what = "priority" if isinstance(key, int) else "label"
                    where = f"{first.line.file}:{first.line.number}"
                    yield _at(
                        step.line,
                        f"{what} {key} of {step.extension} in [{step.context}] is already at {where}",
                        "remove one, or number with n",
                    )
            fault = bracket_fault(step.call)
            if fault:
                yield _at(step.line, fault, "correct the brackets")
                continue
            yield from _check_targets(step, plan)
        for name in re.findall(r"\bH181_[A-Z_]+|(?<=__)H181_[A-Z_]+", step.call):
            if name not in known:
                yield _at(
                    step.line, f"variable {name} is not known", "see dialplan/variables.py for the names"
                )
    for line, _, inner in plan.includes:
        if inner not in plan.contexts:
            yield _at(line, f"includes context [{inner}], which does not exist", "correct the name")


def _check_targets(step: Step, plan: Dialplan) -> Iterator[Problem]:
    match = re.match(r"(\w+)\((.*)\)$", step.call)
    if not match:
        return
    application, inside = match[1].lower(), match[2]
    if application == "execif":
        _, _, calls = inside.partition("?")
        for call in _branches(calls):
            inner = Step(step.line, step.context, step.extension, step.priority, "", call)
            yield from _check_targets(inner, plan)
        return
    if application not in _TARGETS:
        return
    targets = _branches(inside.partition("?")[2]) if _TARGETS[application] else [inside]
    for target in targets:
        problem = _target_fault(target, step, plan)
        if problem:
            yield _at(step.line, problem, "correct the target")


def _branches(text: str) -> list[str]:
    """Both sides of the colon in `yes:no`, without those that are empty."""
    depth, parts = 0, [""]
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        if character == ":" and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


def _target_fault(target: str, step: Step, plan: Dialplan) -> str | None:
    parts = [re.sub(r"\(.*$", "", part).strip() for part in split_arguments(target)]
    if "${" in parts[0]:
        return None
    priority = parts[-1]
    extension = parts[-2] if len(parts) > 1 else step.extension
    context = parts[0] if len(parts) > 2 else step.context
    if context not in plan.contexts:
        return f"goes to context [{context}], which does not exist"
    if "${" in extension:
        return None
    extensions = plan.extensions(context)
    if extension not in extensions and not any(name.startswith("_") for name in extensions):
        return f"goes to extension {extension} of [{context}], which does not exist"
    own = [one for one in plan.steps if one.context == context and one.extension == extension]
    if own and priority not in {str(one.priority) for one in own} | {one.label for one in own if one.label}:
        return f"goes to {priority} of extension {extension} in [{context}], which does not exist"
    return None


def _check_contexts(files: Mapping[str, str], plan: Dialplan) -> Iterator[Problem]:
    """Contexts that pjsip.conf and the hangup handler name must exist."""
    for name in files:
        if not name.split("/")[-1].startswith("pjsip"):
            continue
        for line in lines(files, name):
            match = re.match(r"(?:subscribe_)?context\s*=>?\s*(\S+)$", line.text)
            if match and match[1] not in plan.contexts:
                yield _at(line, f"context [{match[1]}] does not exist", "correct the name")
    for step in plan.steps:
        handler = re.search(r"hangup_handler_\w+\)=([^,)]+),([^,)]+)", step.call)
        if handler and handler[2] not in plan.extensions(handler[1]):
            yield _at(
                step.line,
                f"the hangup handler {handler[1]},{handler[2]} does not exist",
                "correct the target",
            )

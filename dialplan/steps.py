"""Rules for the dialplan itself: priorities, targets, variables, and whether what it calls is loaded."""

import re
from collections.abc import Iterator

from dialplan import variables
from dialplan.conftext import Dialplan, Step, bracket_fault, split_arguments
from dialplan.problem import Problem, at
from dialplan.provided import BUILTIN, provided

INNER_VARIABLES = frozenset(
    f"H181_{name}"
    for name in (
        "AGI", "STEP_SECONDS", "QUEUE_SECONDS", "KEY_SECONDS", "RECORDINGS", "AGI_DOWN", "STEP", "KEYS",
        "KEY", "DISTRICT_SOUND", "FALLBACK", "ENDED", "MENU", "WORDING", "TRY", "ASKED", "EMERGENCY",
        "EMERGENCY_SECONDS", "MESSAGE", "MESSAGE_SECONDS", "MESSAGE_SILENCE", "MESSAGE_STEP_SECONDS",
        "STARTED", "CALLBACK", "QUEUE_LONGEST", "CENTRE_QUEUE", "CENTRE_TRIED", "STATE_TRIED", "SINCE",
        "COUNT", "UNTIL", "LEFT", "AHEAD", "ALIVE_SECONDS", "CAUSE", "STEP_TIME",
        "JOINED", "ANSWERED", "RING_SECONDS", "HELD", "HELD_", "TOLD", "WHILE", "TELL_SECONDS",
        "PLACE_SECONDS", "STRUCK", "FIRST_MENU", "CODE_KEY_SECONDS", "BEGUN", "SAME_KEY", "LATE",
        "CLOSED", "WORDS", "WITHHELD_IS", "EMERGENCY_FIRST", "EMERGENCY_SECOND", "EMERGENCY_KEPT", "WAY",
        "AGAIN", "NOW", "TAKEN", "BEGUN_AT", "OTHER", "BEFORE", "DOUBT", "OWN",
        "WAY_SINCE", "WAY_UNTIL", "LEG", "UNREACHED", "CROWD", "CAPPED", "MOST_CALLS", "MOST_OF_CALLER",
        "MOST_OF_PHONE", "MOST_TOLD", "FIRST", "MORE", "DEAF", "OWN_CODE_SECONDS",
    )
)  # fmt: skip
"""Names that only the dialplan itself uses."""

_TARGETS = {"goto": 0, "gosub": 0, "gotoif": 1, "gosubif": 1}
_CALL = re.compile(r"(\w+)(?:\((.*)\))?$")
_FUNCTION = re.compile(r"(?:\$\{|^Set\(_{0,2})([A-Z][A-Z0-9_]*)\(")


def check_dialplan(plan: Dialplan, loaded: frozenset[str] | None) -> Iterator[Problem]:
    """Every mistake of the dialplan. `loaded`: modules that are loaded, None for all."""
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
                    yield at(
                        step.line,
                        f"{what} {key} of {step.extension} in [{step.context}] is already at {where}",
                        "remove one, or number with n",
                    )
            fault = bracket_fault(step.call)
            if fault:
                yield at(step.line, fault, "correct the brackets")
                continue
            yield from _check_targets(step, plan)
            yield from _check_provided(step, loaded)
            yield from _check_handler(step, plan)
        for name in re.findall(r"\bH181_[A-Z_]+|(?<=__)H181_[A-Z_]+", step.call):
            if name not in known:
                yield at(
                    step.line, f"variable {name} is not known", "see dialplan/variables.py for the names"
                )
    for line, _, inner in plan.includes:
        if inner not in plan.contexts:
            yield at(line, f"includes context [{inner}], which does not exist", "correct the name")


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
            yield at(step.line, problem, "correct the target")


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


def _check_provided(step: Step, loaded: frozenset[str] | None) -> Iterator[Problem]:
    table = provided()
    call = _CALL.match(step.call)
    names = [("application", call[1], table.applications.get(call[1].lower()))] if call else []
    names += [("function", name, table.functions.get(name)) for name in _FUNCTION.findall(step.call)]
    for kind, name, module in names:
        if module is None:
            yield at(
                step.line, f"{kind} {name} is not known", "correct the name, or add it to data/modules.csv"
            )
        elif loaded is not None and module != BUILTIN and module not in loaded:
            yield at(
                step.line, f"{kind} {name} needs {module}.so, which is not loaded", "add it to modules.conf"
            )


def _check_handler(step: Step, plan: Dialplan) -> Iterator[Problem]:
    handler = re.search(r"hangup_handler_\w+\)=([^,)]+),([^,)]+)", step.call)
    if handler and handler[2] not in plan.extensions(handler[1]):
        yield at(
            step.line, f"the hangup handler {handler[1]},{handler[2]} does not exist", "correct the target"
        )

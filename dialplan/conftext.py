"""Asterisk's configuration syntax, as far as the checker needs it: sections, lines, dialplan priorities.

Pure: works on texts, follows #include among them, keeps file and line number of everything.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A line with content; `text` is without comment and surrounding blanks, `raw` as it is in the file."""

    file: str
    number: int
    text: str
    raw: str


_INCLUDE = re.compile(r"#(?:try)?include\s+[\"<]?([^\">]+?)[\">]?\s*$")
_LABEL = re.compile(
    r"(?P<priority>n|next|s|same|hint|\d+)(?:\+(?P<more>\d+))?(?:\((?P<label>[^)]*)\))?(?:\+\d+)?$"
)


def strip_comment(text: str) -> str:
    """The line up to its first `;` that is not escaped by a backslash."""
    return re.split(r"(?<!\\);", text, maxsplit=1)[0].strip()


def lines(files: Mapping[str, str], name: str) -> Iterator[Line]:
    """Lines with content of one file, block comments (;-- ... --;) left out."""
    commented = False
    for number, raw in enumerate(files[name].splitlines(), 1):
        text = raw
        if commented:
            if "--;" not in text:
                continue
            text, commented = text.split("--;", 1)[1], False
        if re.match(r"\s*;--(?!-)", text):
            commented = "--;" not in text
            continue
        text = strip_comment(text)
        if text:
            yield Line(name, number, text, raw)


def include_target(line: Line) -> str | None:
    """What the line includes, None when it is no #include."""
    match = _INCLUDE.match(line.text)
    return match[1] if match else None


def expanded(files: Mapping[str, str], name: str, seen: frozenset[str] = frozenset()) -> Iterator[Line]:
    """Lines of a file with those of the files it includes in their places; unknown files are passed over."""
    for line in lines(files, name):
        target = include_target(line)
        if target is None:
            yield line
        elif target in files and target not in seen:
            yield from expanded(files, target, seen | {name})


@dataclass(frozen=True)
class Step:
    """One priority of a dialplan: an application call at (context, extension, priority)."""

    line: Line
    context: str
    extension: str
    priority: int | None
    """None for a hint."""
    label: str
    call: str


@dataclass
class Dialplan:
    """A parsed dialplan; `broken` are lines that could not be understood."""

    contexts: dict[str, Line]
    steps: list[Step]
    includes: list[tuple[Line, str, str]]
    """Line, including context, included context."""
    broken: list[tuple[Line, str]]

    def extensions(self, context: str) -> set[str]:
        """Extensions of a context, those of the contexts it includes as well."""
        names, todo, seen = set[str](), [context], set[str]()
        while todo:
            current = todo.pop()
            if current in seen:
                continue
            seen.add(current)
            names |= {step.extension for step in self.steps if step.context == current}
            todo += [inner for _, outer, inner in self.includes if outer == current]
        return names


def parse_dialplan(source: Iterator[Line]) -> Dialplan:
    """The dialplan of these lines (extensions.conf with all it includes).

    "n" is one more than the priority of the line before in the context, whatever extension that was for, and
    "s" the same (Asterisk's pbx_config.c). Neither can be the first of a context, nor stand right behind a
    hint. Of an offset Asterisk counts only one that stands before the label.
    """
    plan = Dialplan({}, [], [], [])
    context, extension = "", ""
    last: int | None = None
    for line in source:
        if line.text.startswith("["):
            match = re.match(r"\[([^\]]+)\]", line.text)
            context, extension, last = (match[1] if match else ""), "", None
            if context:
                plan.contexts.setdefault(context, line)
            continue
        if context in ("general", "globals", ""):
            continue
        keyword, _, rest = line.text.partition("=")
        keyword, rest = keyword.strip(), rest.removeprefix(">").strip()
        if keyword == "include":
            plan.includes.append((line, context, rest.split(",")[0]))
            continue
        if keyword in ("ignorepat", "switch", "lswitch", "eswitch", "autohints"):
            continue
        if keyword == "exten":
            extension, comma, rest = rest.partition(",")
            extension = extension.strip()
            if not comma:
                plan.broken.append((line, "an extension without priority and application"))
                continue
        elif keyword != "same" or not extension:
            plan.broken.append((line, "neither exten, same nor include"))
            continue
        place, comma, call = rest.partition(",")
        match = _LABEL.match(place.strip())
        if not match or not comma or not call.strip():
            plan.broken.append((line, "a priority and an application are needed, as in `same => n,Answer()`"))
            continue
        priority: int | None = None
        if match["priority"] == "hint":
            last = None
        else:
            following = {"n": 1, "next": 1, "s": 0, "same": 0}.get(match["priority"])
            if following is not None and last is None:
                plan.broken.append((line, f"{match['priority']} has no priority before it in [{context}]"))
                continue
            priority = int(match["priority"]) if following is None else (last or 0) + following
            priority += int(match["more"] or 0)
            if priority < 1:
                plan.broken.append((line, f"priority {priority}, but the first is 1"))
                continue
            last = priority
        plan.steps.append(Step(line, context, extension, priority, match["label"] or "", call.strip()))
    return plan


def split_arguments(text: str) -> list[str]:
    """Arguments of an application, split at commas outside of brackets and quotation marks."""
    parts, depth, quoted, current = list[str](), 0, False, ""
    for character in text:
        if character == '"':
            quoted = not quoted
        elif not quoted and character in "([{":
            depth += 1
        elif not quoted and character in ")]}":
            depth -= 1
        if character == "," and depth == 0 and not quoted:
            parts.append(current.strip())
            current = ""
        else:
            current += character
    return [*parts, current.strip()]


def bracket_fault(text: str) -> str | None:
    """What is wrong with the brackets of an application call, None when they match."""
    closing = {")": "(", "]": "[", "}": "{"}
    stack: list[str] = []
    for character in text:
        if character in "([{":
            stack.append(character)
        elif character in closing and (not stack or stack.pop() != closing[character]):
            return f"a {character!r} too many"
    return f"the {stack[-1]!r} is not closed" if stack else None

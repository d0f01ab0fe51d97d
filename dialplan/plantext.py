"""Writing Asterisk's configuration syntax: options, sections, dialplan contexts."""

from collections.abc import Iterable, Sequence


def options(**values: object) -> str:
    """One `name = value` a line."""
    return "".join(f"{name} = {value}\n" for name, value in values.items())


def section(title: str, template: str = "", **values: object) -> str:
    """A section with its options, and a blank line."""
    heading = f"[{title}]({template})\n" if template else f"[{title}]\n"
    return heading + options(**values) + "\n"


def context(name: str, comment: str, extensions: Iterable[tuple[str, Sequence[str]]]) -> str:
    """A context of the dialplan: extension and its applications, each may begin with `(label)`."""
    text = f"; {comment}\n[{name}]\n"
    for extension, steps in extensions:
        for number, step in enumerate(steps):
            label, bracket, call = step[1:].partition(")") if step.startswith("(") else ("", "", step)
            place = f"({label})" if bracket else ""
            text += f" same => n{place},{call}\n" if number else f"exten => {extension},1{place},{call}\n"
    return text


def host(address: str) -> str:
    """An IP address as it stands before a port."""
    return f"[{address}]" if ":" in address else address

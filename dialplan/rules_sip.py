"""Who may be taken for whom in SIP: what an edit of pjsip.conf must not open.

An endpoint without a password is known by its address alone, one with a password may be known by its name.
Neither is known by a header, which anybody writes.
"""

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dialplan.conftext import Line
from dialplan.problem import Problem, at

_USUAL = "username,ip"
"""Asterisk's identify_by of an endpoint that says nothing."""
_WRITTEN_BY_ANYBODY = {"anonymous", "header", "request_uri"}


@dataclass
class _Section:
    """A section with the options of its templates; the line of an option is where it was said last."""

    heading: Line
    name: str
    template: bool
    options: dict[str, tuple[str, Line]] = field(default_factory=dict)
    matches: list[tuple[str, Line]] = field(default_factory=list)

    def get(self, name: str, usual: str = "") -> str:
        return self.options[name][0] if name in self.options else usual

    def where(self, name: str) -> Line:
        return self.options[name][1] if name in self.options else self.heading


def check_sip(source: Iterable[Line]) -> Iterator[Problem]:
    """The mistakes of pjsip.conf, given with all that it includes."""
    for one in _sections(source):
        kind = one.get("type")
        if one.template:
            continue
        if kind == "endpoint":
            yield from _check_endpoint(one)
        elif kind == "identify":
            yield from _check_identify(one)
        elif kind == "global":
            order = _words(one.get("endpoint_identifier_order"))
            for word in order & _WRITTEN_BY_ANYBODY:
                yield at(
                    one.where("endpoint_identifier_order"),
                    f"{word} lets anybody in",
                    "write endpoint_identifier_order = ip,username",
                )


def _check_endpoint(one: _Section) -> Iterator[Problem]:
    known_by = _words(one.get("identify_by", _USUAL))
    if one.name.partition("@")[0] == "anonymous":
        yield at(one.heading, "everybody is the endpoint anonymous", "remove it")
    if not one.get("auth") and known_by != {"ip"}:
        yield at(
            one.where("identify_by"),
            f"whoever writes {one.name} into his From is endpoint {one.name}, which has no password",
            "write identify_by = ip, or give it auth",
        )
    if known_by & _WRITTEN_BY_ANYBODY:
        yield at(
            one.where("identify_by"), "a header is written by anybody", "write identify_by = ip or username"
        )
    if _yes(one.get("trust_id_inbound")) and known_by != {"ip"}:
        yield at(
            one.where("trust_id_inbound"),
            f"endpoint {one.name} may say that it is somebody else",
            "trust only an endpoint with identify_by = ip",
        )


def _check_identify(one: _Section) -> Iterator[Problem]:
    for name in ("match_header", "match_request_uri"):
        if name in one.options:
            yield at(one.where(name), "a header is written by anybody", "use match with an address")
    for text, line in one.matches:
        for each in text.split(","):
            try:
                wide = ipaddress.ip_network(each.strip(), strict=False).prefixlen == 0
            except ValueError:
                continue
            if wide:
                yield at(line, f"{each.strip()} is everybody", "give the addresses that the operator named")


def _sections(source: Iterable[Line]) -> list[_Section]:
    found: list[_Section] = []
    templates: dict[str, _Section] = {}
    for line in source:
        if line.text.startswith("["):
            name, _, rest = line.text[1:].partition("]")
            parts = _words(rest.strip("()"), lower=False)
            one = _Section(line, name, "!" in parts)
            for part in rest.strip("()").split(","):
                if (base := templates.get(part.strip())) is not None:
                    one.options |= base.options
            found.append(one)
            templates.setdefault(name, one)
        elif found and "=" in line.text:
            name, _, value = line.text.partition("=")
            name, value = name.strip().lower(), value.removeprefix(">").strip()
            found[-1].options[name] = (value, line)
            if name == "match":
                found[-1].matches.append((value, line))
    return found


def _words(text: str, *, lower: bool = True) -> set[str]:
    return {part.strip().lower() if lower else part.strip() for part in text.split(",")} - {""}


def _yes(text: str) -> bool:
    return text.lower() in {"yes", "true", "on", "1", "y", "t"}

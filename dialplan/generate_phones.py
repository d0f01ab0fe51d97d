"""Makes the SIP side of the configuration: transports, the trunk, and the executives' telephones."""

from collections.abc import Sequence

from dialplan import variables
from dialplan.executives import Executive
from dialplan.plantext import host, section
from dialplan.secrets import Secrets
from dialplan.settings import AsteriskSettings


def transports(settings: AsteriskSettings) -> str:
    """Where telephones and the trunk are listened to."""
    address = f"{host(settings.bind)}:{settings.sip_port}"
    return (
        section("transport-udp", type="transport", protocol="udp", bind=address)
        + section("transport-tcp", type="transport", protocol="tcp", bind=address)
        + "; The WebSocket is served by the HTTP server (http.conf), at /ws.\n"
        + section("transport-ws", type="transport", protocol="ws", bind=host(settings.control_bind))
    )


def trunk(settings: AsteriskSettings) -> str:
    """The trunk, by the addresses its calls come from."""
    matches = "".join(f"match = {address}\n" for address in settings.trunk_match)
    first = next(iter(settings.trunk_match), settings.bind)
    contact = settings.trunk_contact or host(first.partition("/")[0])
    return (
        section("trunk", "trunk-endpoint", aors="trunk")
        + "; Where calls to the emergency number go.\n"
        + section("trunk", type="aor", contact=f"sip:{contact}", qualify_frequency=settings.qualify_seconds)
        + f"[trunk]\ntype = identify\nendpoint = trunk\n{matches}"
    )


def executive_phones(settings: AsteriskSettings, executives: Sequence[Executive], secrets: Secrets) -> str:
    """Each executive's telephone, with its password and the queue its owner works for."""
    text = ""
    for one in executives:
        text += (
            section(
                one.extension,
                "executive-endpoint",
                auth=one.extension,
                aors=one.extension,
                callerid=f'"{one.name_en}" <{one.extension}>',
            ).rstrip("\n")
            + f"\nset_var = {variables.EXTENSION}={one.extension}\n"
            + f"set_var = {variables.OWN_QUEUE}={one.queue}\n\n"
        )
        text += section(
            one.extension,
            "executive-auth",
            username=one.extension,
            password=secrets.endpoint_passwords[one.extension],
        )
        text += section(one.extension, "executive-aor", qualify_frequency=settings.qualify_seconds)
    return text

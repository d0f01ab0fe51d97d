"""Makes the SIP side of the configuration: transports, the trunk, and the executives' telephones."""

from collections.abc import Sequence

from dialplan import variables
from dialplan.errors import DialplanError
from dialplan.executives import Executive
from dialplan.plantext import host, section
from dialplan.secrets import Secrets
from dialplan.settings import AsteriskSettings

EMERGENCY_SECOND = "emergency-second"
"""The endpoint of the second trunk, for emergencies alone."""


def transports(settings: AsteriskSettings) -> str:
    """Where telephones and the trunk are listened to."""
    address = f"{host(settings.bind)}:{settings.sip_port}"
    return (
        section("transport-udp", type="transport", protocol="udp", bind=address)
        + section("transport-tcp", type="transport", protocol="tcp", bind=address)
        + "; The WebSocket is served by the HTTP server (http.conf), at /ws.\n"
        + section("transport-ws", type="transport", protocol="ws", bind=host(settings.control_bind))
    )


def trunk(settings: AsteriskSettings, secrets: Secrets) -> str:
    """The trunk, by the addresses its calls come from, and with a password where the settings say so.

    Raises DialplanError when the operator's password is wanted and not there.
    """
    matches = "".join(f"match = {address}\n" for address in settings.trunk_match)
    contact = settings.trunk_address
    proofs: dict[str, object] = {}
    accounts = ""
    if settings.trunk_user:
        proofs["auth"] = "trunk-in"
        accounts += _account("trunk-in", settings.trunk_user, secrets.trunk_password)
    if settings.trunk_account:
        if not secrets.trunk_account_password:
            raise DialplanError(
                f"trunk_account = {settings.trunk_account!r} has no password: write the one that the operator"
                ' gave into secrets.json of the state folder, as "trunk_account_password"'
            )
        proofs["outbound_auth"] = "trunk-out"
        accounts += _account("trunk-out", settings.trunk_account, secrets.trunk_account_password)
    if settings.trunk_register:
        if not contact:
            raise DialplanError("trunk_register = true needs trunk_contact, host:port of the operator")
        user, _, domain = settings.trunk_account.partition("@")
        accounts += section(
            "trunk-out",
            type="registration",
            outbound_auth="trunk-out",
            server_uri=f"sip:{contact}",
            client_uri=f"sip:{user}@{domain or contact}",
            contact_user=user,
            retry_interval=30,
            forbidden_retry_interval=300,
            max_retries=1_000_000,
        )
    identified = f"[trunk]\ntype = identify\nendpoint = trunk\n{matches}" if matches else ""
    text = (
        section("trunk", "trunk-endpoint", aors="trunk", **proofs)
        + "; Where calls to the emergency number go. Not asked whether it is there (qualify): a way that\n"
        + "; leaves the question unanswered would be closed.\n"
        + _way("trunk", contact)
        + identified
        + "\n"
        + accounts
    )
    if settings.emergency_second and not settings.second_is_phone:
        text += (
            "\n; The second way to the emergency number. No call comes from it.\n"
            + section(EMERGENCY_SECOND, "trunk-endpoint", aors=EMERGENCY_SECOND)
            + _way(EMERGENCY_SECOND, settings.emergency_second)
        )
    return text


def emergency_ways(settings: AsteriskSettings) -> tuple[str, str]:
    """What Dial() calls for an emergency: by the trunk, and the second way, empty when there is none."""
    first = f"PJSIP/{settings.emergency_target}@trunk"
    if settings.second_is_phone:
        return first, variables.interface(settings.emergency_second)
    second = f"PJSIP/{settings.emergency_target}@{EMERGENCY_SECOND}" if settings.emergency_second else ""
    return first, second


def _way(name: str, address: str) -> str:
    """Where a trunk takes calls. Without an address a call fails at once, and the next way is tried."""
    contact: dict[str, object] = {"contact": f"sip:{address}"} if address else {}
    return section(name, "", type="aor", **contact, qualify_frequency=0)


def _account(name: str, user: str, password: str) -> str:
    escaped = password.replace(";", "\\;")
    return section(name, type="auth", auth_type="userpass", username=user, password=escaped)


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
        # The telephone that is the second way to an emergency is called whether it answers that or not.
        asked = 0 if one.extension == settings.emergency_second else settings.qualify_seconds
        text += section(one.extension, "executive-aor", qualify_frequency=asked)
    return text

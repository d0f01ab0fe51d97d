"""Makes what the dialplan knows of districts: their own numbers, codes, landlines and queues."""

from collections.abc import Iterator

from dialplan import variables
from dialplan.districts import District, Districts
from dialplan.plantext import context

HELPLINE_NUMBER = "181"
NATIONAL_DIGITS = 10
"""Of a telephone number in India, STD code without its 0 and subscriber's number together."""
SUBSCRIBER = "[2-6]"
"""First digits of a landline behind its STD code."""


def direct_numbers(district: District) -> Iterator[str]:
    """The district's own numbers, STD code and 181, in each form in which a network may deliver them."""
    for std_code in district.std_codes:
        national = std_code.removeprefix("0") + HELPLINE_NUMBER
        for prefix in ("0", "", "+91", "91", "0091"):
            yield prefix + national


def district_contexts(districts: Districts) -> str:
    """What a direct number, a landline or the code pressed tells of a district, and which have a queue."""
    centres = [district for district in districts if district.has_centre]
    return (
        context(
            "direct-numbers",
            "A district's own numbers: the district is known without asking.",
            (
                (number, (f"Set({variables.DISTRICT}={district.code})", "Return()"))
                for district in centres
                for number in direct_numbers(district)
            ),
        )
        + context(
            "district-codes",
            "What a caller may press, and the prompt with the district's name.",
            (
                (
                    district.code,
                    (
                        f"Set({variables.DISTRICT}={district.code})",
                        f"Set(H181_DISTRICT_SOUND=h181/district/{district.slug})",
                        "Return()",
                    ),
                )
                for district in districts
            ),
        )
        + context(
            "district-queues",
            "Districts with a centre of their own; all others go to the state's operators.",
            (
                (
                    district.code,
                    (f"Set({variables.QUEUE}={variables.district_queue(district.code)})", "Return()"),
                )
                for district in centres
            ),
        )
        + context(
            "landlines",
            "In which district a landline stands, by its number without 0 or country code.",
            (
                (_landline(std_code), (f"Goto(district-codes,{district.code},1)",))
                for district in districts
                for std_code in district.std_codes
            ),
        )
    )


def _landline(std_code: str) -> str:
    area = std_code.removeprefix("0")
    return f"_{area}{SUBSCRIBER}{'X' * (NATIONAL_DIGITS - len(area) - 1)}"

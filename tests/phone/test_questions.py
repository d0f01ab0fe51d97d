"""Which prompts the citizen takes for questions."""

import pytest

from helpline.phone.prompts import centre_prompts


@pytest.mark.parametrize("language", ["hi", "en"])
def test_a_question_is_one_in_all_its_wordings(language: str) -> None:
    """Each says what to press: whoever is asked for the last time is not left to guess."""
    prompts = centre_prompts(language)
    prefix = "" if language == "hi" else f"{language}/"
    asked = [
        key for key in prompts.questions if key.startswith(prefix) and key.count("/") == prefix.count("/")
    ]
    wordings = [f"{key}{ending}" for key in asked for ending in ("-again", "-last")]
    there = {key for key in wordings if key in prompts.texts}
    assert {f"{prefix}ask-district-last", f"{prefix}status-ask-phone-last"} <= there
    assert there <= prompts.questions

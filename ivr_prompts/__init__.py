"""What the caller hears: texts, built audio, Hindi numbers, and how the audio is made."""

from ivr_prompts.catalogue import Catalogue, Prompt, languages, load_catalogue
from ivr_prompts.errors import PromptError
from ivr_prompts.numbers import department_key, designation_key, digit_keys, district_key, number_key
from ivr_prompts.settings import PromptsSettings

__all__ = [
    "Catalogue",
    "Prompt",
    "PromptError",
    "PromptsSettings",
    "department_key",
    "designation_key",
    "digit_keys",
    "district_key",
    "languages",
    "load_catalogue",
    "number_key",
]

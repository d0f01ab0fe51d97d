"""What the caller hears: texts, built audio, Hindi numbers, and how the audio is made."""

from ivr_prompts.catalogue import Catalogue, Prompt, load_catalogue
from ivr_prompts.errors import PromptError
from ivr_prompts.numbers import digit_keys, district_key, number_key
from ivr_prompts.settings import PromptsSettings

__all__ = [
    "Catalogue",
    "Prompt",
    "PromptError",
    "PromptsSettings",
    "digit_keys",
    "district_key",
    "load_catalogue",
    "number_key",
]

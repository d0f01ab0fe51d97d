"""Makes the dialplan's own menu, for the time when the service is away."""

from collections.abc import Iterable

from dialplan import variables
from dialplan.generate_waiting import FIRST_LANGUAGE
from dialplan.menu import Menu
from dialplan.plantext import context


def menu_prompts(menu: Menu, *, first: bool = False) -> str:
    """The prompts of the menu in one argument of Read(); ``first``: as it is said the first time."""
    hint = ["language-hint"] if first and menu.language_keys else []
    keys = [service.prompt for service in menu.services]
    return "&".join(f"h181/{key}" for key in (*hint, *keys, "menu-operator", "menu-repeat"))


def menu_contexts(menu: Menu, codes: Iterable[str]) -> str:
    """[urgent-keys] and [menu-keys]: what a key means.

    Each returns "chosen" (H181_SERVICE and H181_NEXT are set), "language" (it is set) or "repeat".
    """
    chosen = "Return(chosen)"
    urgent = [(menu.emergency_key, (_set(variables.NEXT, variables.NEXT_EMERGENCY), chosen))]
    for key, language in menu.language_keys.items():
        # The key of the language that is spoken leads back from it.
        back = f'${{IF($["${{CHANNEL(language)}}" = "{language}"]?{FIRST_LANGUAGE}:{language})}}'
        urgent.append((key, (f"Set(CHANNEL(language)={back})", "Return(language)")))
    usual = [
        (menu.operator_key, (_set(variables.NEXT, variables.NEXT_OPERATOR), chosen)),
        *(
            (
                service.key,
                (_set(variables.SERVICE, service.id), _set(variables.NEXT, service.target), chosen),
            )
            for service in menu.services
        ),
    ]
    return (
        context("urgent-keys", "Keys that are heard from the first word on.", urgent)
        + context("menu-keys", "Keys of the menu.", usual)
        + f"exten => {menu.repeat_key},1,Return(repeat)\n"
        + "include => urgent-keys\n"
        + key_contexts(menu, codes)
    )


def key_contexts(menu: Menu, codes: Iterable[str]) -> str:
    """For prompts that only some keys may end: a context for each such choice of keys.

    ``codes``: of the districts with a centre, which a caller may press at any moment.
    """
    languages = "".join(menu.language_keys)
    urgent = (menu.emergency_key, menu.emergency_key + languages)
    begun = {code[0] for code in codes}
    typed = (keys + "".join(sorted(begun - set(keys))) for keys in urgent)
    chosen = (*variables.KEY_SETS, *urgent, *typed)
    named = {variables.key_context(keys): sorted(keys) for keys in chosen}
    begins = ((key, ("NoOp()",)) for key in sorted(begun))
    return context("code-begins", "Keys that begin the code of a district with a centre.", begins) + "".join(
        context(name, "These keys, and no others.", ((key, ("NoOp()",)) for key in keys))
        for name, keys in named.items()
    )


def _set(name: str, value: str) -> str:
    return f"Set({name}={value})"

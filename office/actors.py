"""Who somebody is to a complaint: his role as a user, and the posts he holds or acts for on that day."""

from datetime import date
from difflib import get_close_matches

from mapper import Edition, holders_of, posts_of
from mapper.model.office_model import Holder
from office.errors import UnknownActorError
from records import Complaint, User
from records.life.steps import Actor, Context
from records.life.table import DECIDING_OFFICER, DISTRICT_OFFICER, LEVEL_OFFICER, TABLE
from records.sentence import Sentence


def actor_for(edition: Edition, user: User, on: date) -> Actor:
    """A user with his posts of that day: his own, those in additional charge, those he is deputy for."""
    return Actor(
        user.username, user.role, frozenset(posts_of(edition, user.username, on)), user.district_code
    )


def at_post(edition: Edition, username: str, post_id: str) -> Actor:
    """Somebody with a shell who writes down what the holder of a post said. ``username`` says who wrote it.

    Raises `UnknownActorError` when the edition has no such post.
    """
    if post_id not in edition.posts:
        close = get_close_matches(post_id, edition.posts, n=3, cutoff=0.5)
        hint = f"; did you mean {', '.join(close)}?" if close else "; see `helpline directory explain`"
        raise UnknownActorError(f"edition {edition.name} has no post {post_id}{hint}")
    return Actor(username, "officer", frozenset({post_id}))


def posts_for(step: str, complaint: Complaint, context: Context) -> tuple[str, ...]:
    """The posts whose officer may take a step; empty for what only the centre or the clock does."""
    posts = {
        LEVEL_OFFICER: complaint.assigned.post_id,
        DISTRICT_OFFICER: context.district_post_id,
        DECIDING_OFFICER: context.decider_post_id,
    }
    return tuple(post_id for who in TABLE[step].who if (post_id := posts.get(who)))


def told(edition: Edition, post_id: str, on: date) -> Sentence:
    """A post with who acts in it, for a person who must find him: name and telephone where they are known."""
    post = edition.posts.get(post_id)
    acting = next(iter(holders_of(edition, post_id, on)), None)
    who = _person(acting) if acting else Sentence("whose holder is not written down", "पदस्थ अधिकारी दर्ज नहीं")
    names = (post.name_en, post.name_hi) if post else ("", "")
    en, hi = (f"{name} ({post_id})" if name else post_id for name in names)
    return Sentence(f"{en}, {who.en}", f"{hi}, {who.hi}")


def _person(holder: Holder) -> Sentence:
    """A holder by name, telephone and login, as far as they are known."""
    login = (
        Sentence(f"login {holder.username}", f"लॉगिन {holder.username}")
        if holder.username
        else Sentence("", "")
    )
    en = (holder.name_en or holder.name_hi, holder.phone, login.en)
    hi = (holder.name_hi or holder.name_en, holder.phone, login.hi)
    return Sentence(", ".join(filter(None, en)), ", ".join(filter(None, hi)))

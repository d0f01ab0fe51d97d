"""What another edition does to posts and their holders, in words: new, gone, renamed, passed on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from mapper.changes.diff_words import SHOWN, Change, both_names, counted_change
from mapper.decision.edition import Edition
from mapper.model.model import Designation, Post
from mapper.model.office_model import Holder
from mapper.model.post_table import nested

Renames = Mapping[str, str]
"""From the code of a designation to the one it has in the other edition."""


def recoded(old: Edition, new: Edition) -> Renames:
    """Designations that have another code and are otherwise the same.

    The old code is gone, the new one is new, and every rule of both editions that named the one names the
    other, in the same scope.
    """
    gone, come = nested(old.posts).keys() - nested(new.posts), nested(new.posts).keys() - nested(old.posts)
    then = {rule.name: rule for rule in old.responsibilities}
    successors: dict[str, set[str]] = {}
    predecessors: dict[str, set[str]] = {}
    for rule in new.responsibilities:
        before = then.get(rule.name)
        if before is not None:
            same = before.scope == rule.scope
            successors.setdefault(before.designation_code, set()).add(rule.designation_code if same else "")
            predecessors.setdefault(rule.designation_code, set()).add(before.designation_code if same else "")
    return {
        code: now
        for code in sorted(gone)
        for now in successors.get(code, set())
        if len(successors[code]) == 1 and now in come and predecessors[now] == {code}
    }


def post_changes(old: Edition, new: Edition, renames: Renames) -> Iterator[Change]:
    """Posts that are renamed, are new, are gone, or are called otherwise because their unit is."""
    pairs: dict[tuple[Designation, Designation], list[tuple[Post, Post]]] = {}
    called: list[tuple[Post, Post]] = []
    removed: list[Post] = []
    known: set[str] = set()
    for post in old.posts.values():
        now = new.posts.get(_renamed(post.id, renames))
        if now is None:
            removed.append(post)
            continue
        known.add(now.id)
        was, becomes = post.designation, now.designation
        if (was.code, was.name_hi, was.name_en) != (becomes.code, becomes.name_hi, becomes.name_en):
            pairs.setdefault((was, becomes), []).append((post, now))
        elif (post.name_hi, post.name_en) != (now.name_hi, now.name_en):
            called.append((post, now))
    for (was, becomes), posts in sorted(pairs.items(), key=lambda item: -len(item[1])):
        yield _renaming(was, becomes, posts)
    added = [post for post in new.posts.values() if post.id not in known]
    if added:
        yield counted_change("posts", "added", len(added), [both_names(post) for post in added[:SHOWN]])
    if removed:
        yield counted_change("posts", "removed", len(removed), [both_names(post) for post in removed[:SHOWN]])
    if called:
        yield counted_change("posts", "changed", len(called), _arrows(called))


def holder_changes(old: Edition, new: Edition, renames: Renames) -> Iterator[Change]:
    """Posts whose holders are others; whoever keeps a post that is renamed is the same holder."""
    then = {
        _renamed(post_id, renames): tuple(_moved(holder, renames) for holder in holders)
        for post_id, holders in old.holders_by_post.items()
    }
    told: list[str] = []
    for post_id in sorted(then.keys() | new.holders_by_post.keys()):
        before, after = then.get(post_id, ()), new.holders_by_post.get(post_id, ())
        if before == after:
            continue
        post = new.posts.get(post_id) or old.posts.get(post_id)
        names = [", ".join(holder.name_en for holder in holders) or "nobody" for holders in (before, after)]
        more = " (dates, leave or telephone)" if names[0] == names[1] else ""
        told.append(f"{post.name_en if post else post_id}: {names[0]} → {names[1]}{more}")
    if told:
        yield counted_change("holders", "changed", len(told), told)


def _renaming(was: Designation, becomes: Designation, posts: list[tuple[Post, Post]]) -> Change:
    (en, hi), (en_now, hi_now) = [(each.name_en, each.name_hi) for each in (was, becomes)]
    if was.code != becomes.code:
        en, hi = f"{en} ({was.code})", f"{hi} ({was.code})"
        en_now, hi_now = f"{en_now} ({becomes.code})", f"{hi_now} ({becomes.code})"
    elif en == en_now or hi == hi_now:
        # In one language alone: both, or the line of the other would say nothing.
        en = hi = both_names(was)
        en_now = hi_now = both_names(becomes)
    count = len(posts)
    noun, hindi = ("post", "पद का नाम बदला") if count == 1 else ("posts", "पदों के नाम बदले")
    return Change(
        "posts",
        "renamed",
        count,
        f"{count} {noun} renamed from {en} to {en_now}",
        f"{count} {hindi}: {hi} से {hi_now}",
        _arrows(posts),
    )


def _arrows(posts: list[tuple[Post, Post]]) -> tuple[str, ...]:
    return tuple(f"{both_names(was)} → {both_names(now)}" for was, now in posts[:SHOWN])


def _renamed(post_id: str, renames: Renames) -> str:
    code, at, unit = post_id.partition("@")
    return f"{renames.get(code, code)}{at}{unit}"


def _moved(holder: Holder, renames: Renames) -> Holder:
    return replace(
        holder,
        post_id=_renamed(holder.post_id, renames),
        deputy_post_id=_renamed(holder.deputy_post_id, renames),
    )

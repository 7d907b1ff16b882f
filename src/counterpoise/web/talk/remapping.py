"""Ids that the CRM changed: threads and questions follow."""

from __future__ import annotations

from counterpoise.watch.watching import crack_id
from counterpoise.web.cracks.models import PERSON, Crack
from counterpoise.web.talk.models import Announcement, Question, Words
from counterpoise.web.talk.states import Kind


def remap(kind: str, old: str, new: str) -> int:
    """Put a new id in the place of an old one, and return how many rows changed."""
    changed = _cracks(kind, old, new) + _quotes(f"{kind}:{old}", f"{kind}:{new}")
    match kind:
        case "deal":
            return changed + _move(f"{Kind.DEAL}:{old}", f"{Kind.DEAL}:{new}")
        case "campaign":
            if not Announcement.objects.filter(campaign_id=new).exists():
                told = Announcement.objects.filter(campaign_id=old)
                changed += told.update(campaign_id=new)
            return changed + _move(f"{Kind.CAMPAIGN}:{old}", f"{Kind.CAMPAIGN}:{new}")
        case "person":
            asked = Question.objects.filter(asker_person_id=old).update(asker_person_id=new)
            settled = Question.objects.filter(settled_person_id=old)
            return changed + asked + settled.update(settled_person_id=new)
    return changed


def _cracks(kind: str, old: str, new: str) -> int:
    """Move the threads of cracks about an account or a campaign, which are named by its id."""
    if kind not in {"account", "campaign"}:
        return 0
    about = Crack.objects.exclude(subject_type=PERSON).filter(
        subject_type=kind, subject_id__in=[old, new]
    )
    return sum(
        _move(
            f"{Kind.CRACK}:{crack_id(crack.kind, crack.variant, kind, old)}",
            f"{Kind.CRACK}:{crack_id(crack.kind, crack.variant, kind, new)}",
        )
        for crack in about
    )


def _quotes(old: str, new: str) -> int:
    """Let quoted figures open to those to whom they did: whose they are is named anew."""
    changed = 0
    for words in Words.objects.filter(quote__isnull=False, quote__of__icontains=old):
        if words.quote and old in words.quote["of"].split("\n"):
            owners = [new if name == old else name for name in words.quote["of"].split("\n")]
            words.quote["of"] = "\n".join(owners)
            words.save(update_fields=["quote"])
            changed += 1
    return changed


def _move(old: str, new: str) -> int:
    return Words.objects.filter(thing=old).update(thing=new)

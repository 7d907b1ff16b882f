"""What programs bring and fetch in talk: files that come along with words, and campaigns."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from ninja import PathEx, Router
from ninja.params import P

from counterpoise.web.api.authentication import TokenAuth, token_of
from counterpoise.web.api.filling import done, filled, form_token
from counterpoise.web.api.idempotency import KEY
from counterpoise.web.api.problems import refused
from counterpoise.web.api.routes.talk import CAMPAIGN, WORDS, CampaignShape, ThingName, WordsShape
from counterpoise.web.api.routes.talk import router as calendar
from counterpoise.web.api.routes.talking import WordsId, found_words, opened_thing, thing_of
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import body_of, example_of
from counterpoise.web.api.written import Written, written_of
from counterpoise.web.people.models import User
from counterpoise.web.talk import announcing, saying
from counterpoise.web.talk.calendar import Campaign, campaign_of
from counterpoise.web.talk.forms import CampaignForm, WordsForm
from counterpoise.web.talk.models import LONGEST_LINE, LONGEST_TEXT, WordsFile
from counterpoise.web.talk.written import campaign_object, words_object
from counterpoise.web.tools.files import KINDS, download
from counterpoise.web.tools.rights import may_make

router = Router(tags=["Talk"])
_READ = TokenAuth(TokenScope.READ)
_ACT = TokenAuth(TokenScope.TALK)

CampaignId = PathEx[
    str, P(pattern="^[^/\x00-\x1f]{1,200}$", description="The id of a campaign of the calendar.")
]

_BROUGHT: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "description": f"At most 10 MB: {', '.join(KINDS)}.",
        },
        "text": {"type": "string", "maxLength": LONGEST_TEXT},
        "quote": {"type": "string", "maxLength": 4_000},
    },
}
_FILE = {"schema": {"type": "string", "format": "binary"}, "example": "The terms of June."}
_TOLD_FIELDS = ("name", "channel", "starts_on", "ends_on", "line")
_LINE = {"type": "string", "maxLength": LONGEST_LINE}
_DAY = {"type": ["string", "null"], "format": "date"}
_TOLD: dict[str, Any] = {
    "type": "object",
    "required": ["name", "starts_on", "line"],
    "properties": {
        "name": _LINE,
        "channel": _LINE,
        "starts_on": _DAY,
        "ends_on": _DAY,
        "line": {"type": "string", "maxLength": LONGEST_TEXT, "description": "What sellers say."},
    },
}
_CHANGED: dict[str, Any] = {
    "type": "object",
    "required": ["revision", "line"],
    "properties": {
        **_TOLD["properties"],
        "revision": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
    },
}
_TELLS = {name: CAMPAIGN[name] for name in _TOLD_FIELDS}


@router.get(
    "words/{words_id}/file",
    auth=_READ,
    operation_id="read_words_file",
    summary="The file that came along with words",
    openapi_extra={"responses": {200: {"description": "The file", "content": {"*/*": _FILE}}}},
)
def read_words_file(request: HttpRequest, words_id: WordsId) -> HttpResponse:
    """Return the file of words in a thread that opens to the token's person."""
    words = found_words(words_id)
    thing_of(token_of(request).user, words)
    file = WordsFile.objects.filter(words=words).first()
    if file is None:
        raise refused("not-there", "No file came along with these words.", status=404)
    return download(file)


@router.post(
    "threads/{thing}/files",
    auth=_ACT,
    response={201: WordsShape},
    operation_id="bring_file",
    summary="Bring a file into the thread of a thing",
    openapi_extra={
        **KEY,
        **body_of(_BROUGHT, {"text": "The terms of June."}, "multipart/form-data"),
        **example_of({**WORDS, "question": None, "file": "terms.pdf"}, status=201),
    },
)
def bring_file(request: HttpRequest, thing: ThingName) -> HttpResponse:
    """Say something with a file, by the rules of the page: its kinds, its size."""
    user = token_of(request).user
    opened_thing(user, thing)
    said = filled(_words_form(user, request)).said()
    if said.file is None:
        raise refused("request-refused", "Bring a file as the part `file`.", status=422)
    content = repr((said.text, said.quote, said.file.name)).encode() + said.file.content

    def act(user: User) -> object:
        found = opened_thing(user, thing)
        return words_object(user, found, saying.say(user, found.name, said))

    return done(request, act, 201, content)


@calendar.post(  # beside what lists them, for an address belongs to one router
    "campaigns",
    auth=_ACT,
    response={201: CampaignShape},
    operation_id="tell_of_campaign",
    summary="Tell sales of a campaign that the books do not have yet",
    openapi_extra={**KEY, **body_of(_TOLD, _TELLS), **example_of(CAMPAIGN, status=201)},
)
def tell_of_campaign(request: HttpRequest) -> HttpResponse:
    """Tell sales of a campaign, with the line to say in the field, as marketing does."""
    _refuse_others(request)
    given = written_of(request.body, _TOLD_FIELDS)

    def act(user: User) -> object:
        form = filled(CampaignForm(_told(given)))
        made = announcing.announce(user, form.told(), form.cleaned_data["token"])
        return _shown(made.campaign_id)

    return done(request, act, 201)


@router.post(
    "campaigns/{campaign_id}",
    auth=_ACT,
    response=CampaignShape,
    operation_id="change_campaign",
    summary="Change what sales is told of a campaign, or tell it first",
    openapi_extra={
        **KEY,
        **body_of(_CHANGED, {**_TELLS, "revision": 1}),
        **example_of({**CAMPAIGN, "revision": 2}),
    },
)
def change_campaign(request: HttpRequest, campaign_id: CampaignId) -> HttpResponse:
    """Change what stands at a revision, 0 where sales was not told; facts of the books stay."""
    _refuse_others(request)
    found = _found(campaign_id)
    given = written_of(request.body, (*_TOLD_FIELDS, "revision"))

    def act(user: User) -> object:
        form = filled(CampaignForm(_told(given), campaign=found))
        token, revision = form.cleaned_data["token"], form.cleaned_data["revision"] or 0
        announcing.tell(user, found.id, form.told(), token, revision)
        return _shown(found.id)

    return done(request, act)


def _words_form(user: User, request: HttpRequest) -> WordsForm:
    try:
        told = {name: request.POST.get(name, "") for name in ("text", "quote")}
        return WordsForm(user, {**told, "token": form_token()}, request.FILES)
    except (MultiPartParserError, SuspiciousOperation) as error:
        says = "The body is no form with a file (multipart/form-data)."
        raise refused("not-readable", says, status=400) from error


def _told(given: Written) -> dict[str, Any]:
    told = {name: given.text(name) for name in _TOLD_FIELDS}
    return {**told, "revision": given.parts.get("revision"), "token": form_token()}


def _refuse_others(request: HttpRequest) -> None:
    if not may_make(token_of(request).user):
        says = "Marketing tells sales of campaigns; everybody reads it."
        raise refused("not-open", says, status=403)


def _found(campaign_id: str) -> Campaign:
    found = campaign_of(campaign_id, timezone.localdate())
    if found is None:
        raise refused("not-there", "The calendar has no such campaign.", status=404)
    return found


def _shown(campaign_id: str) -> dict[str, Any]:
    return campaign_object(_found(campaign_id))

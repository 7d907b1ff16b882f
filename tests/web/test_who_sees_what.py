"""Who sees what: every address of the room for everybody in the cast.

A new address needs a row here. Each row holds what looking and what sending an empty form answers,
for each of PARTS in their order; SYMBOLS says which letter stands for which answer.
"""

from collections.abc import Callable
from copy import deepcopy

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from counterpoise.books import Workspace
from counterpoise.web.people.cast import Member
from tests.web.ledger.conftest import reviewed_workspace, room_workspace
from tests.web.sampling import Samples, address, make_samples, patterns

__all__ = ["reviewed_workspace", "room_workspace"]

PARTS = ("anonymous", "lead", "manager", "rep", "marketer", "analyst", "stranger")
SYMBOLS = {
    ".": 200,
    ">": 302,
    "!": 400,
    "u": 401,
    "x": 403,
    "0": 404,
    "m": 405,
    "c": 409,
    "g": 410,
    "?": 422,
    "s": 503,
}
# What is asked, withdrawn and answered is the rep's, and the crack is about the rep; the analyst
# administers; the stranger is not in the books. A program without a token is told so (u) whoever
# is signed in.
EXPECTED = {
    "shell:charts": ("0000000", "mmmmmmm"),
    "shell:styleguide": (">xxxx.x", ">mmmmmm"),
    "shell:view_from": (">mmmmmm", ">>>>>>>"),
    "balance:home": (">......", ">mmmmmm"),
    "balance:seen": (">mmmmmm", ">>>>>>>"),
    "balance:revenue": (">......", ">......"),
    "agreements:read": (">......", ">......"),
    "agreements:history": (">......", ">......"),
    "agreements:version": (">......", ">......"),
    "agreements:compare": (">......", ">......"),
    "agreements:compare_past": (">mmmmmm", ">>>>>>>"),
    "agreements:drafts": (">..x..x", ">..x..x"),
    "agreements:draft_from_file": (">mmmmmm", ">>>x>>x"),
    "agreements:draft_from_version": (">mmmmmm", ">>>x>>x"),
    "agreements:draft_from_books": (">mmmmmm", ">>>x>>x"),
    "agreements:draft": (">..x..x", ">..x..x"),
    "agreements:draft_file": (">..x..x", ">mmmmmm"),
    "agreements:draft_use": (">mmmmmm", ">>xxx>x"),
    "agreements:text": (">..x..x", ">ccxccx"),
    "agreements:check": (">mmmmmm", ">..x..x"),
    "agreements:section": (">..x..x", ">..x..x"),
    "agreements:revision": (">..x..x", ">..x..x"),
    "agreements:bring_back": (">mmmmmm", ">>>x>>x"),
    "agreements:draft_withdraw": (">mmmmmm", ">>>x>>x"),
    "agreements:draft_take_up": (">mmmmmm", ">>>x>>x"),
    "agreements:proposals": (">......", ">......"),
    "agreements:propose": (">mmmmmm", ">>>>>>>"),
    "agreements:proposal": (">......", ">......"),
    "agreements:proposal_withdraw": (">mmmmmm", ">>>x>>x"),
    "agreements:sign": (">mmmmmm", ">>>>>>>"),
    "agreements:take_back": (">mmmmmm", ">000000"),
    "agreements:comment": (">mmmmmm", ">>>>>>>"),
    "agreements:point": (">..x..x", ">!!x!!x"),
    "agreements:point_accept": (">mmmmmm", ">000000"),
    "agreements:point_decline": (">mmmmmm", ">000000"),
    "agreements:point_withdraw": (">mmmmmm", ">000000"),
    "desk:start": (">......", ">mmmmmm"),
    "desk:accounts": (">......", ">mmmmmm"),
    "desk:customer": (">>>>>>>", ">mmmmmm"),
    "desk:ask": (">mmmmmm", ">!!!!!!"),
    "desk:requests": (">......", ">mmmmmm"),
    "desk:request": (">...0.0", ">mmmmmm"),
    "desk:request_customer": (">...0.0", ">mmmmmm"),
    "desk:answer": (">mmmmmm", ">!!!0!0"),
    "desk:withdraw": (">mmmmmm", ">xx>0x0"),
    "desk:link": (">mmmmmm", ">>>>0>0"),
    "desk:offered": (">mmmmmm", ">>>>0>0"),
    "desk:approvals": (">......", ">mmmmmm"),
    "desk:away": (">......", ">!!!!!!"),
    "desk:back": (">mmmmmm", ">>>>>>>"),
    "desk:recurring": (">......", ">mmmmmm"),
    "desk:propose": (">mmmmmm", ">>>>>>>"),
    "promotions:calendar": (">......", ">mmmmmm"),
    "promotions:asking": (">......", ">mmmmmm"),
    "promotions:ask": (">mmmmmm", ">!!!!!!"),
    "promotions:promotion": (">......", ">mmmmmm"),
    "promotions:answer": (">mmmmmm", ">!!!!!!"),
    "promotions:take": (">mmmmmm", ">xxcxxx"),
    "promotions:withdraw": (">mmmmmm", ">xx>xxx"),
    "people:people": (">xxxx.x", ">xxxx.x"),
    "people:suggested": (">xxxx.x", ">xxxx.x"),
    "people:invitation": (">xxxx.x", ">xxxx.x"),
    "people:remaps": (">xxxx.x", ">xxxx.x"),
    "people:person": (">xxxx.x", ">xxxx.x"),
    "people:link": (">xxxxmx", ">xxxx.x"),
    "people:act": (">xxxxmx", ">xxxx>x"),
    "people:hand_over": (">xxxxmx", ">xxxx>x"),
    "people:erasure": (">xxxx.x", ">xxxx>x"),
    "profile:profile": (">......", ">......"),
    "profile:invitation": ("ggggggg", "ggggggg"),
    "account_login": (".>>>>>>", ".>>>>>>"),
    "account_logout": (">......", ">>>>>>>"),
    "account_inactive": (".......", "mmmmmmm"),
    "account_reauthenticate": (">......", ">......"),
    "account_change_password": (">......", ">......"),
    "account_set_password": (">>>>>>>", ">>>>>>>"),
    "account_reset_password": (".......", "......."),
    "account_reset_password_done": (".......", "mmmmmmm"),
    "account_reset_password_from_key": (".......", "......."),
    "account_reset_password_from_key_done": (".......", "mmmmmmm"),
    "mfa_index": (">......", ">mmmmmm"),
    "mfa_authenticate": (">>>>>>>", ">>>>>>>"),
    "mfa_reauthenticate": (">>>>>>>", ">>>>>>>"),
    "mfa_activate_totp": (">>>>>>>", ">>>>>>>"),
    "mfa_deactivate_totp": (">000000", ">000000"),
    "mfa_view_recovery_codes": (">000000", ">mmmmmm"),
    "mfa_generate_recovery_codes": (">>>>>>>", ">>>>>>>"),
    "mfa_download_recovery_codes": (">000000", ">000000"),
    "usersessions_list": (">......", ">>>>>>>"),
    "openid_connect_login": ("0000000", "0000000"),
    "openid_connect_callback": ("0000000", "0000000"),
    "socialaccount_login_cancelled": (".......", "mmmmmmm"),
    "socialaccount_login_error": (">uuuuuu", ">mmmmmm"),
    "account_signup": ("xxxxxxx", "xxxxxxx"),
    "socialaccount_signup": ("xxxxxxx", "xxxxxxx"),
    "health": ("sssssss", "mmmmmmm"),
    "handoffs:board": (">......", ">mmmmmm"),
    "handoffs:teams": (">......", ">mmmmmm"),
    "handoffs:choose": (">......", ">mmmmmm"),
    "handoffs:from_books": (">mmmmmm", ">?xx??x"),
    "handoffs:by_form": (">mmmmmm", ">?xx??x"),
    "handoffs:by_file": (">mmmmmm", ">?xx??x"),
    "handoffs:verdicts": (">mmmmmm", ">??????"),
    "handoffs:lead": (">.....0", ">mmmmmm"),
    "handoffs:respond": (">mmmmmm", ">>>>x>0"),
    "handoffs:verdict": (">mmmmmm", ">???x?0"),
    "handoffs:assign": (">mmmmmm", ">??xx?0"),
    "handoffs:again": (">mmmmmm", ">?xx??0"),
    "handoffs:link": (">mmmmmm", ">>>>x>0"),
    "cracks:home": (">......", ">mmmmmm"),
    "cracks:since": (">......", ">mmmmmm"),
    "cracks:people": (">xxxx.x", ">xxxx?x"),
    "cracks:crack": (">...0.0", ">mmmmmm"),
    "cracks:look": (">mmmmmm", ">>>>0>0"),
    "cracks:answer": (">mmmmmm", ">xx?0x0"),
    "cracks:assign": (">mmmmmm", ">??x0?0"),
    "cracks:accept": (">mmmmmm", ">??x0?0"),
    "cracks:sheet": (">000000", ">mmmmmm"),
    "rehearsals:home": (">......", ">mmmmmm"),
    "rehearsals:trial": (">......", ">mmmmmm"),
    "rehearsals:lay_out": (">mmmmmm", ">>>>>>>"),
    "rehearsals:estimate": (">mmmmmm", ">>>x>>x"),
    "rehearsals:attest": (">mmmmmm", ">>>x>>x"),
    "rehearsals:keep": (">mmmmmm", ">>>x>>x"),
    "rehearsals:deals": (">......", ">mmmmmm"),
    "rehearsals:rehearsal": (">......", ">mmmmmm"),
    "rehearsals:estimate_all": (">mmmmmm", ">>>x>>x"),
    "rehearsals:candidate": (">>>>>>>", ">mmmmmm"),
    "rehearsals:remove": (">mmmmmm", ">>>x>>x"),
    "rehearsals:make_draft": (">mmmmmm", ">>>x>>x"),
    "rehearsals:attach": (">mmmmmm", ">>>>>>>"),
    "rehearsals:detach": (">mmmmmm", ">>>x>>x"),
    "tools:library": (">......", ">mmmmmm"),
    "tools:new": (">.xx..x", ">?xx??x"),
    "tools:what_helps": (">......", ">mmmmmm"),
    "tools:retire": (">mmmmmm", ">0xx00x"),
    "tools:tool": (">......", ">mmmmmm"),
    "tools:edit": (">.xx..x", ">?xx??x"),
    "tools:file": (">000000", ">mmmmmm"),
    "tools:use": (">mmmmmm", ">000x00"),
    "tools:helped": (">mmmmmm", ">00>000"),
    "tools:take_back": (">mmmmmm", ">00>000"),
    "tools:requests": (">......", ">mmmmmm"),
    "tools:notes": (">......", ">mmmmmm"),
    "tools:ask": (">...x..", ">???x??"),
    "tools:tell": (">...x..", ">???x??"),
    "tools:message": (">......", ">mmmmmm"),
    "tools:answer": (">mmmmmm", ">?xx??x"),
    "tools:decline": (">mmmmmm", ">?xx??x"),
    "tools:pass_on": (">mmmmmm", ">?xx??x"),
    "tools:withdraw": (">mmmmmm", ">xx>xxx"),
    "pulse:pulse": (">......", ">mmmmmm"),
    "pulse:answer": (">>>>>>>", ">>>>>>>"),
    "pulse:words": (">mmmmmm", ">xxxxxx"),
    "joint:home": (">......", ">mmmmmm"),
    "joint:plan": (">mmmmmm", ">>>x>xx"),
    "joint:rhythm": (">..x.xx", ">??x?xx"),
    "joint:done": (">mmmmmm", ">>>>>xx"),
    "joint:drop": (">mmmmmm", ">>>>>xx"),
    "joint:link": (">......", ">......"),
    "joint:drop_link": (">mmmmmm", ">>>>>>>"),
    "joint:feed": ("0000000", "mmmmmmm"),
    "joint:write": (">mmmmmm", ">??????"),
    "joint:notes": (">mmmmmm", ">??????"),
    "joint:strike": (">mmmmmm", ">>>>>>>"),
    "joint:review": (">......", ">mmmmmm"),
    "joint:news": (">......", ">mmmmmm"),
    "joint:begin": (">mmmmmm", ">>>x>xx"),
    "joint:come": (">mmmmmm", ">>>>>>>"),
    "joint:bring": (">mmmmmm", ">??????"),
    "joint:move": (">mmmmmm", ">??x?xx"),
    "joint:skip": (">mmmmmm", ">??x?xx"),
    "joint:close": (">mmmmmm", ">>>x>xx"),
    "joint:minutes": (">......", ">mmmmmm"),
    "joint:event": (">......", ">mmmmmm"),
    "talk:home": (">......", ">mmmmmm"),
    "talk:thread": (">...0.0", ">mmmmmm"),
    "talk:say": (">mmmmmm", ">???0?0"),
    "talk:ask": (">...0.0", ">???0?0"),
    "talk:names": (">...0.0", ">mmmmmm"),
    "talk:change": (">xx.0x0", ">xx?0x0"),
    "talk:withdraw": (">mmmmmm", ">xx>0x0"),
    "talk:file": (">000000", ">mmmmmm"),
    "talk:answer": (">..x0.0", ">??x0?0"),
    "talk:pass_on": (">x..0x0", ">x??0x0"),
    "talk:quote": (">000000", ">mmmmmm"),
    "talk:calendar": (">......", ">mmmmmm"),
    "talk:campaign_new": (">.xx..x", ">?xx??x"),
    "talk:campaign": (">......", ">?xx??x"),
    "talk:campaign_link": (">mmmmmm", ">?xx??x"),
    "promises:promises": (">......", ">mmmmmm"),
    "promises:promise": (">......", ">mmmmmm"),
    "promises:propose": (">mmmmmm", ">??x?xx"),
    "promises:sign": (">mmmmmm", ">000000"),
    "promises:decline": (">mmmmmm", ">000000"),
    "promises:withdraw": (">mmmmmm", ">000000"),
    "thanks:thanks": (">......", ">mmmmmm"),
    "thanks:say": (">mmmmmm", ">>>>>>>"),
    "facts:books": (">......", ">mmmmmm"),
    "facts:import": (">.xxx.x", ">?xxx?x"),
    "facts:job": (">000000", ">mmmmmm"),
    "facts:problems": (">......", ">mmmmmm"),
    "facts:rows": (">0xxx0x", ">mmmmmm"),
    "facts:accept": (">mmmmmm", ">>xxx>x"),
    "facts:compare": (">......", ">......"),
    "facts:use": (">mmmmmm", ">xxxx>x"),
    "facts:prune": (">mmmmmm", ">xxxx>x"),
    "facts:sources": (">xxxx.x", ">xxxx?x"),
    "facts:source": (">xxxx.x", ">xxxx?x"),
    "facts:schedule": (">mmmmmm", ">xxxx>x"),
    "audit:trail": (">xxxx.x", ">xxxx.x"),
    "audit:verification": (">xxxxmx", ">xxxx>x"),
    "notices:preferences": (">......", ">......"),
    "notices:outbox": (">xxxx.x", ">xxxx.x"),
    "administration:settings": (">xxxx.x", ">xxxx.x"),
    "search:results": (">......", ">mmmmmm"),
    "ledger:home": (">......", ">mmmmmm"),
    "ledger:deals": (">......", ">mmmmmm"),
    "ledger:deal": (">...0.0", ">mmmmmm"),
    "ledger:file": (">......", ">mmmmmm"),
    "ledger:funnel": (">......", ">mmmmmm"),
    "ledger:leads": (">......", ">mmmmmm"),
    "ledger:credit": (">......", ">mmmmmm"),
    "ledger:helped": (">......", ">mmmmmm"),
    "ledger:you_helped": (">......", ">mmmmmm"),
    "ledger:fit": (">......", ">mmmmmm"),
    "ledger:together": (">......", ">mmmmmm"),
    "ledger:power": (">......", ">mmmmmm"),
    "trade:home": (">......", ">mmmmmm"),
    "trade:promotions": (">......", ">mmmmmm"),
    "trade:promotion": (">000000", ">mmmmmm"),  # this company sells nothing through retailers
    "trade:no_brand": (">000000", ">mmmmmm"),
    "trade:brand": (">000000", ">mmmmmm"),
    "trade:account": (">000000", ">mmmmmm"),
    "trade:file": (">000000", ">mmmmmm"),
    "ledger:behind": (">......", ">mmmmmm"),
    "api:openapi-json": (".......", "......."),
    "api:read_token": ("uuuuuuu", "mmmmmmm"),
    "api:decide": ("mmmmmmm", "uuuuuuu"),
    "api:decide_batch": ("mmmmmmm", "uuuuuuu"),
    "api:list_agreements": ("uuuuuuu", "mmmmmmm"),
    "api:in_force": ("uuuuuuu", "mmmmmmm"),
    "api:check_agreement": ("mmmmmmm", "uuuuuuu"),
    "api:read_agreement": ("uuuuuuu", "mmmmmmm"),
    "api:explain_agreement": ("uuuuuuu", "mmmmmmm"),
    "api:ask_request": ("uuuuuuu", "uuuuuuu"),
    "api:list_requests": ("uuuuuuu", "uuuuuuu"),
    "api:read_request": ("uuuuuuu", "mmmmmmm"),
    "api:withdraw_request": ("mmmmmmm", "uuuuuuu"),
    "api:list_approvals": ("uuuuuuu", "mmmmmmm"),
    "api:answer_request": ("mmmmmmm", "uuuuuuu"),
    "api:read_review": ("uuuuuuu", "mmmmmmm"),
    "api:read_about": ("uuuuuuu", "mmmmmmm"),
    "api:read_table": ("uuuuuuu", "mmmmmmm"),
    "api:list_pulses": ("uuuuuuu", "mmmmmmm"),
    "api:read_promises": ("uuuuuuu", "mmmmmmm"),
    "api:read_measure": ("uuuuuuu", "mmmmmmm"),
    "api:read_promotions": ("uuuuuuu", "mmmmmmm"),
    "api:read_promotion": ("uuuuuuu", "mmmmmmm"),
    "api:list_cracks": ("uuuuuuu", "mmmmmmm"),
    "api:read_crack": ("uuuuuuu", "mmmmmmm"),
    "api:look_at_crack": ("mmmmmmm", "uuuuuuu"),
    "api:answer_crack": ("mmmmmmm", "uuuuuuu"),
    "api:assign_crack": ("mmmmmmm", "uuuuuuu"),
    "api:accept_crack": ("mmmmmmm", "uuuuuuu"),
    "api:list_handoffs": ("uuuuuuu", "uuuuuuu"),
    "api:read_handoff": ("uuuuuuu", "mmmmmmm"),
    "api:pass_lead": ("uuuuuuu", "uuuuuuu"),
    "api:respond_to_lead": ("mmmmmmm", "uuuuuuu"),
    "api:judge_lead": ("mmmmmmm", "uuuuuuu"),
    "api:assign_lead": ("mmmmmmm", "uuuuuuu"),
    "api:pass_lead_again": ("mmmmmmm", "uuuuuuu"),
    "api:api-root": ("0000000", "0000000"),
    "api:read_rehearsal": ("uuuuuuu", "mmmmmmm"),
    "api:list_joint_reviews": ("uuuuuuu", "uuuuuuu"),
    "api:read_joint_review": ("uuuuuuu", "mmmmmmm"),
    "api:move_joint_review": ("mmmmmmm", "uuuuuuu"),
    "api:skip_joint_review": ("mmmmmmm", "uuuuuuu"),
    "api:begin_joint_review": ("mmmmmmm", "uuuuuuu"),
    "api:come_to_joint_review": ("mmmmmmm", "uuuuuuu"),
    "api:close_joint_review": ("mmmmmmm", "uuuuuuu"),
    "api:bring_point": ("mmmmmmm", "uuuuuuu"),
    "api:write_notes": ("mmmmmmm", "uuuuuuu"),
    "api:write_decision": ("mmmmmmm", "uuuuuuu"),
    "api:strike_decision": ("mmmmmmm", "uuuuuuu"),
    "api:write_action": ("mmmmmmm", "uuuuuuu"),
    "api:settle_action": ("mmmmmmm", "uuuuuuu"),
    "api:sign_transfer": ("mmmmmmm", "uuuuuuu"),
    "api:decline_transfer": ("mmmmmmm", "uuuuuuu"),
    "api:withdraw_transfer": ("mmmmmmm", "uuuuuuu"),
    "api:change_words": ("mmmmmmm", "uuuuuuu"),
    "api:withdraw_words": ("mmmmmmm", "uuuuuuu"),
    "api:ask_question": ("mmmmmmm", "uuuuuuu"),
    "api:answer_question": ("mmmmmmm", "uuuuuuu"),
    "api:withdraw_question": ("mmmmmmm", "uuuuuuu"),
    "api:pass_on_question": ("mmmmmmm", "uuuuuuu"),
    "api:say_words": ("mmmmmmm", "uuuuuuu"),
    "api:plan_joint_review": ("uuuuuuu", "uuuuuuu"),
    "api:list_transfers": ("uuuuuuu", "uuuuuuu"),
    "api:propose_transfer": ("uuuuuuu", "uuuuuuu"),
    "api:list_thanks": ("uuuuuuu", "uuuuuuu"),
    "api:say_thanks": ("uuuuuuu", "uuuuuuu"),
    "api:list_tools": ("uuuuuuu", "uuuuuuu"),
    "api:make_tool": ("uuuuuuu", "uuuuuuu"),
    "api:change_tool": ("uuuuuuu", "uuuuuuu"),
    "api:send_tool_message": ("uuuuuuu", "uuuuuuu"),
    "api:read_tool": ("uuuuuuu", "uuuuuuu"),
    "api:retire_tool": ("mmmmmmm", "uuuuuuu"),
    "api:use_tool": ("mmmmmmm", "uuuuuuu"),
    "api:say_tool_helped": ("mmmmmmm", "uuuuuuu"),
    "api:list_tool_messages": ("uuuuuuu", "uuuuuuu"),
    "api:read_tool_message": ("uuuuuuu", "mmmmmmm"),
    "api:settle_tool_message": ("mmmmmmm", "uuuuuuu"),
    "api:pass_on_tool_message": ("mmmmmmm", "uuuuuuu"),
    "api:read_thread": ("uuuuuuu", "mmmmmmm"),
    "api:list_questions": ("uuuuuuu", "mmmmmmm"),
    "api:list_campaigns": ("uuuuuuu", "uuuuuuu"),
    "api:tell_of_campaign": ("uuuuuuu", "uuuuuuu"),
    "api:change_campaign": ("mmmmmmm", "uuuuuuu"),
    "api:read_words_file": ("uuuuuuu", "mmmmmmm"),
    "api:bring_file": ("mmmmmmm", "uuuuuuu"),
    "api:read_tool_results": ("uuuuuuu", "mmmmmmm"),
    "webhooks:all": (">xxxx.x", ">xxxx?x"),
    "webhooks:act": (">mmmmmm", ">xxxx0x"),
    "tokens:own": (">......", ">??????"),
    "tokens:all": (">xxxx.x", ">mmmmmm"),
    "tokens:revoke": (">mmmmmm", ">000000"),
}
NOT_PAGES = {"api/v1/^.*$"}
"""Told that nothing is there; it has no address of its own."""

_KEYS = {
    "people": "user",
    "agreements": "draft",
    "agreements:proposal": "proposal",
    "agreements:sign": "proposal",
    "agreements:take_back": "proposal",
    "agreements:comment": "proposal",
    "agreements:point": "proposal",
    "desk": "request",
    "desk:back": "delegation",
    "handoffs": "handoff",
    "tools": "tool_request",
    "tools:helped": "tool_use",
    "tools:take_back": "tool_use",
    "joint": "joint_review",
    "promotions": "promotion",
    "joint:write": "joint_point",
    "joint:notes": "joint_point",
    "joint:strike": "joint_decision",
    "joint:done": "joint_action",
    "joint:drop": "joint_action",
    "talk": "words",
    "talk:answer": "question",
    "talk:pass_on": "question",
}
_NAMES = {
    "people:act": "sign-out",
    "agreements:section": "goals",
    "ledger:file": "deals",
    "ledger:behind": "power",
    "api:read_measure": "funnel",
    "promises:promise": "response",
}


def test_every_address_has_a_row() -> None:
    names = {name for name, _, _ in patterns()} - NOT_PAGES
    assert names == set(EXPECTED)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("way", ["get", "post"])
def test_everybody_sees_what_is_theirs(
    cast: dict[str, Member],
    room_workspace: Workspace,
    way: str,
) -> None:
    samples = make_samples(room_workspace, cast)
    browsers = {part: _browser(cast, part) for part in PARTS}
    differs = []
    for name, _, pattern in patterns():
        if name not in EXPECTED:
            continue  # said by the test above
        where = address(name, pattern, _filled(name, samples))
        seen = "".join(_symbol(_asked(browsers[part], way, where)) for part in PARTS)
        expected = EXPECTED[name][way == "post"]
        if seen != expected:
            differs.append(f"{name} {way}: {seen}, not {expected}")
    assert differs == []


def test_a_deal_opens_to_those_whose_it_is(
    client_of: Callable[[str], Client], cast: dict[str, Member], room_workspace: Workspace
) -> None:
    samples = make_samples(room_workspace, cast)
    opens = {
        part: (
            _opens(client_of(part), samples.own_deal),
            _opens(client_of(part), samples.other_deal),
        )
        for part in PARTS[1:]
    }
    assert opens == {
        "lead": (True, True),
        "manager": (True, False),
        "rep": (True, False),
        "marketer": (False, False),
        "analyst": (True, True),
        "stranger": (False, False),
    }


def _opens(client: Client, deal: str) -> bool:
    return client.get(f"/ledger/deals/{deal}/").status_code == 200


def _browser(cast: dict[str, Member], part: str) -> Client:
    """Return the browser of somebody, who is signed in unless nobody."""
    client = Client(raise_request_exception=False)
    if part in cast:
        client.force_login(cast[part].user)
    return client


def _asked(client: Client, way: str, where: str) -> int:
    """Return what somebody is answered; what it changed is undone."""
    cache.clear()
    session = deepcopy(client.cookies)
    with transaction.atomic():
        status: int = (client.get if way == "get" else client.post)(where).status_code
        transaction.set_rollback(True)
    client.cookies = session
    return status


def _symbol(status: int) -> str:
    return next((each for each, known in SYMBOLS.items() if known == status), str(status))


def _filled(name: str, samples: Samples) -> dict[str, object]:
    longest = max((key for key in _KEYS if name.startswith(key)), key=len, default="")
    return {
        "pk": getattr(samples, _KEYS[longest]) if longest else 1,
        "fingerprint": samples.fingerprint,
        "mark": samples.fingerprint,
        "side": "sales",
        "name": _NAMES.get(name, "segment"),
        "snapshot_id": samples.snapshot,
        "source_id": samples.source,
        "deal_id": samples.own_deal,
        "request_id": samples.request,
        "provider_id": "company",
        "form": "csv",
        "act": "off",
        "asked": "x",
        "slug": samples.crack,
        "crack_id": samples.crack,
        "handoff_id": samples.handoff,
        "token": "x",
        "uidb36": "1",
        "key": "x-y",
        "number": 1,
        "job_id": 1,
        "signature": 1,
        "point_id": 1,
        "rehearsal_id": samples.rehearsal,
        "review_id": samples.joint_review,
        "attachment_id": samples.attachment,
        "tool_id": samples.tool,
        "use_id": samples.tool_use,
        "message_id": samples.tool_request,
        "thing": f"deal:{samples.own_deal}",
        "campaign_id": samples.campaign,
        "promotion_id": "x",
        "decision_id": samples.joint_decision,
        "action_id": samples.joint_action,
        "words_id": samples.words,
        "question_id": samples.question,
        "transfer_id": 1,
    }

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.agreement import (
    Agreement,
    AgreementError,
    Agreements,
    Status,
    VersionsError,
    check_company,
    fingerprint,
    load_agreements,
    parse_agreement,
    save_ratified,
    write_agreement,
)

SIGNED = [
    {"side": "sales", "by": "Ana", "at": "2025-12-20T10:00"},
    {"side": "marketing", "by": "Ben", "at": "2025-12-21T10:00"},
]


def agreement(
    start: str,
    until: str | None = None,
    *,
    title: str = "Test",
    lapsed: str = "stop",
    measured: bool = False,
    signed: object = SIGNED,
) -> Agreement:
    in_force = {"from": start, "if_lapsed": lapsed, "measured_against": measured}
    return Agreement.model_validate(
        {
            "agreement": "counterpoise/v1",
            "title": title,
            "in_force": in_force if until is None else {**in_force, "until": until},
            "roles": {"rep": {"side": "sales"}, "lead": {"side": "both"}},
            "signed": signed,
        }
    )


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def in_force(versions: Agreements, on: str) -> str | None:
    version = versions.on(day(on))
    return version.agreement.title if version else None


def test_until_is_inclusive() -> None:
    versions = Agreements.of([agreement("2026-01-01", "2026-06-30")])
    assert in_force(versions, "2025-12-31") is None
    assert in_force(versions, "2026-01-01") == "Test"
    assert in_force(versions, "2026-06-30") == "Test"
    assert in_force(versions, "2026-07-01") is None


def test_a_later_one_ends_the_former_the_day_before_it_starts() -> None:
    versions = Agreements.of(
        [
            agreement("2026-07-01", title="second"),
            agreement("2026-01-01", "2026-12-31", title="first"),
        ]
    )
    assert [each.until for each in versions.versions] == [day("2026-06-30"), None]
    assert in_force(versions, "2026-06-30") == "first"
    assert in_force(versions, "2026-07-01") == "second"


def test_a_lapsed_agreement_goes_on_where_both_said_so() -> None:
    goes_on = agreement("2026-01-01", "2026-06-30", lapsed="continue", title="first")
    versions = Agreements.of([goes_on, agreement("2027-01-01", title="second")])
    assert in_force(versions, "2026-12-31") == "first"
    assert in_force(versions, "2027-01-01") == "second"


def test_a_lapsed_agreement_stops_where_both_said_so() -> None:
    stops = agreement("2026-01-01", "2026-06-30", title="first")
    versions = Agreements.of([stops, agreement("2027-01-01", title="second")])
    assert in_force(versions, "2026-12-31") is None


def test_refuses_two_that_start_on_one_day() -> None:
    two = [agreement("2026-01-01", title="first"), agreement("2026-01-01", title="second")]
    with pytest.raises(VersionsError, match=r"two agreements start on 2026-01-01.*first.*second"):
        Agreements.of(two)


def test_what_the_past_is_measured_against_binds_nobody() -> None:
    measured = agreement("2020-01-01", measured=True, title="measured", signed=[])
    versions = Agreements.of([agreement("2026-01-01", title="signed"), measured])
    assert [each.status for each in versions.versions] == [
        Status.MEASURED_AGAINST,
        Status.RATIFIED,
    ]
    assert versions.versions[0].until == day("2025-12-31")


def test_what_binds_nobody_never_ends_what_binds() -> None:
    measured = agreement("2026-07-01", measured=True, title="measured")
    with pytest.raises(VersionsError, match="binds nobody"):
        Agreements.of([agreement("2026-01-01"), measured])


starts = st.lists(st.dates(dt.date(2020, 1, 1), dt.date(2028, 1, 1)), unique=True, max_size=5)


@given(starts, st.data())
def test_never_two_are_in_force_on_one_day(days: list[dt.date], data: st.DataObject) -> None:
    drawn = []
    for start in days:
        length = data.draw(st.integers(0, 900))
        lapsed = data.draw(st.sampled_from(("stop", "continue")))
        until = str(start + dt.timedelta(days=length))
        drawn.append(agreement(str(start), until, lapsed=lapsed))
    versions = Agreements.of(drawn)
    on = data.draw(st.dates(dt.date(2019, 1, 1), dt.date(2031, 1, 1)))
    assert sum(version.covers(on) for version in versions.versions) <= 1


def test_saves_a_ratified_agreement_under_its_start_and_fingerprint(tmp_path: Path) -> None:
    signed = agreement("2026-01-01")
    path = save_ratified(tmp_path / "agreements", signed)
    assert path.name == f"2026-01-01-{fingerprint(signed)}.yaml"
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    (version,) = load_agreements(tmp_path).versions
    assert (version.agreement, version.status) == (signed, Status.RATIFIED)


def test_saving_it_again_changes_nothing(tmp_path: Path) -> None:
    first = save_ratified(tmp_path, agreement("2026-01-01"))
    before = first.read_bytes()
    assert save_ratified(tmp_path, agreement("2026-01-01")) == first
    assert first.read_bytes() == before


def test_does_not_save_what_a_side_did_not_sign(tmp_path: Path) -> None:
    with pytest.raises(VersionsError, match="marketing did not sign"):
        save_ratified(tmp_path, agreement("2026-01-01", signed=SIGNED[:1]))
    assert list(tmp_path.iterdir()) == []


def test_does_not_save_a_second_one_for_the_same_start(tmp_path: Path) -> None:
    path = save_ratified(tmp_path, agreement("2026-01-01"))
    with pytest.raises(VersionsError, match="two agreements start"):
        save_ratified(tmp_path, agreement("2026-01-01", title="Other"))
    assert list(tmp_path.iterdir()) == [path]


def test_refuses_a_ratified_file_that_was_changed(tmp_path: Path) -> None:
    path = save_ratified(tmp_path / "agreements", agreement("2026-01-01"))
    path.write_text(path.read_text().replace("title: Test", "title: Tested"))
    with pytest.raises(VersionsError, match="is not what was ratified under its name"):
        load_agreements(tmp_path)


@pytest.mark.parametrize("name", ["2026.yaml", "2026-01-01.yaml", "2026-01-01-abc.yaml"])
def test_gives_the_right_name_of_a_ratified_file(tmp_path: Path, name: str) -> None:
    right = save_ratified(tmp_path / "agreements", agreement("2026-01-01"))
    wrong = right.rename(right.with_name(name))
    with pytest.raises(VersionsError) as refusal:
        load_agreements(tmp_path)
    says = str(refusal.value)
    assert says.startswith(f"{wrong}: a ratified agreement is named FROM-FINGERPRINT.yaml")
    assert f"name it {right.name};" in says


def test_a_comment_in_a_ratified_file_changes_nothing(tmp_path: Path) -> None:
    path = save_ratified(tmp_path / "agreements", agreement("2026-01-01"))
    path.write_text("# kept by the secretary\n" + path.read_text())
    assert load_agreements(tmp_path).is_ratified


def test_refuses_a_ratified_file_without_both_signatures(tmp_path: Path) -> None:
    unsigned = agreement("2026-01-01", signed=[])
    folder = tmp_path / "agreements"
    folder.mkdir()
    path = folder / f"2026-01-01-{fingerprint(unsigned)}.yaml"
    path.write_text(write_agreement(unsigned))
    with pytest.raises(VersionsError, match="sales and marketing did not sign"):
        load_agreements(tmp_path)


def test_the_draft_counts_as_if_until_something_is_ratified(tmp_path: Path) -> None:
    draft = agreement("2026-03-01", title="draft", signed=[])
    (tmp_path / "agreement.yaml").write_text(write_agreement(draft))
    (version,) = load_agreements(tmp_path).versions
    assert (version.agreement.title, version.status) == ("draft", Status.AS_IF)
    save_ratified(tmp_path / "agreements", agreement("2026-01-01", title="signed"))
    (version,) = load_agreements(tmp_path).versions
    assert (version.agreement.title, version.status) == ("signed", Status.RATIFIED)


def test_a_draft_follows_what_the_past_is_measured_against(tmp_path: Path) -> None:
    measured = agreement("2020-01-01", measured=True, title="past", signed=[])
    save_ratified(tmp_path / "agreements", measured)
    (tmp_path / "agreement.yaml").write_text(
        write_agreement(agreement("2026-03-01", title="draft", signed=[]))
    )
    versions = load_agreements(tmp_path)
    assert [(each.agreement.title, each.status.value) for each in versions.versions] == [
        ("past", "measured_against"),
        ("draft", "as_if"),
    ]
    assert in_force(versions, "2026-02-28") == "past"


def test_a_workspace_without_any_has_none(tmp_path: Path) -> None:
    assert load_agreements(tmp_path) == Agreements()
    assert load_agreements(tmp_path).on(day("2026-01-01")) is None


def test_a_broken_draft_is_refused_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "agreement.yaml").write_text("agreement: counterpoise/v2\n")
    with pytest.raises(AgreementError, match=r"agreement\.yaml:1"):
        load_agreements(tmp_path)


def test_refuses_an_agreement_that_contradicts_its_workspace() -> None:
    text = write_agreement(agreement("2026-01-01"))
    other = parse_agreement(text + "company: {currency: EUR, time_zone: Europe/Zagreb}\n")
    check_company(other, "EUR", "Europe/Zagreb")
    with pytest.raises(VersionsError, match="currency: EUR, the workspace says USD"):
        check_company(other, "USD", "Europe/Zagreb")
    with pytest.raises(VersionsError, match="time_zone: Europe/Zagreb, the workspace says UTC"):
        check_company(other, "EUR", "UTC")

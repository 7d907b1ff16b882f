from hypothesis import given
from hypothesis import strategies as st

from counterpoise.agreement import fingerprint, parse_agreement, write_agreement
from counterpoise.agreement.document import Agreement
from tests.agreement.strategies import agreements


@given(agreements())
def test_what_is_written_reads_the_same(agreement: Agreement) -> None:
    again = parse_agreement(write_agreement(agreement))
    assert again == agreement
    assert again.ladder == agreement.ladder
    assert fingerprint(again) == fingerprint(agreement)


@given(st.text(min_size=1).filter(lambda text: text.strip() and text.isprintable()))
def test_any_title_survives_writing_and_reading(title: str) -> None:
    plain = {
        "agreement": "counterpoise/v1",
        "title": title,
        "in_force": {"from": "2026-01-01"},
        "roles": {"rep": {"side": "sales"}},
    }
    agreement = Agreement.model_validate(plain)
    assert parse_agreement(write_agreement(agreement)).title == title.strip()

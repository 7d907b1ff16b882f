"""The agreement: what both sides want, what each may give away, and what each owes the other.

A document in YAML that both sides sign, read with precise messages, explained in sentences,
checked for what it forgets, compared by meaning, fingerprinted, and drafted from the books. It
does no more than read its files; what it says about deals is decided by the desk.
"""

from counterpoise.agreement.document import Agreement, Side
from counterpoise.agreement.fingerprint import fingerprint
from counterpoise.agreement.problems import AgreementError, Flaw, Problem
from counterpoise.agreement.reading import parse_agreement, read_agreement
from counterpoise.agreement.versions import (
    Agreements,
    Status,
    Version,
    VersionsError,
    check_company,
    load_agreements,
    save_ratified,
)
from counterpoise.agreement.writing import write_agreement

__all__ = [
    "Agreement",
    "AgreementError",
    "Agreements",
    "Flaw",
    "Problem",
    "Side",
    "Status",
    "Version",
    "VersionsError",
    "check_company",
    "fingerprint",
    "load_agreements",
    "parse_agreement",
    "read_agreement",
    "save_ratified",
    "write_agreement",
]

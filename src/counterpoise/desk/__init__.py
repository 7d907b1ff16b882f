"""The desk: an agreement meets facts and a decision comes out.

One deal is decided in plain Python (`decide`), any number of them as Ibis expressions (`judge`);
both read the same chain of rows and the same condition tree, and a property test holds them equal.
"""

from counterpoise.desk.book_facts import NO_BOOKS, BookFacts, BooksInMemory, Recorded
from counterpoise.desk.deciding import NoAgreementError, answer, decide
from counterpoise.desk.decision import CounterOffer, Decision, decision_json
from counterpoise.desk.examples import ExampleResult, examples_beside, run_examples
from counterpoise.desk.offers import apply_offer
from counterpoise.desk.outcome import Reading, Verdict
from counterpoise.desk.past import PastDeal, PastOutcome, read_outcome
from counterpoise.desk.reading import read_request
from counterpoise.desk.request import Request, RequestError

__all__ = [
    "NO_BOOKS",
    "BookFacts",
    "BooksInMemory",
    "CounterOffer",
    "Decision",
    "ExampleResult",
    "NoAgreementError",
    "PastDeal",
    "PastOutcome",
    "Reading",
    "Recorded",
    "Request",
    "RequestError",
    "Verdict",
    "answer",
    "apply_offer",
    "decide",
    "decision_json",
    "examples_beside",
    "read_outcome",
    "read_request",
    "run_examples",
]

"""What the customer says to a quote."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from os_events.aggregates.rules import OccurredOutOfOrderError
from os_events.aggregates.service_order.checks import OrderEndedError, UnknownLineError
from os_events.aggregates.service_order.codes import ConsentMethod, NoticeKind, Relation
from os_events.aggregates.service_order.memory import Answer
from os_events.aggregates.service_order.notices import NoticeMeans, SendNotice
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.promises import (
    CompletionPromised,
    PromiseCompletion,
    PromiseMissingError,
)
from os_events.aggregates.service_order.quote_answers import (
    ApprovalNotExpressError,
    ApproverNotAuthorisedError,
    DeclineQuote,
    QuoteApproved,
    QuoteDeclined,
    QuoteDigestMismatchError,
    QuoteExtent,
    QuoteSupersededError,
)
from os_events.aggregates.service_order.quote_validity import QuoteAlreadyAnsweredError
from os_events.aggregates.service_order.quoting import QuoteVersionUnknownError
from os_events.aggregates.service_order.values import EndTerm
from os_events.values.company import UnknownUnitError
from tests.support import (
    CUSTOMER,
    FRIEND,
    STRANGER,
    a_company,
    a_consent,
    a_quote,
    an_approval,
    an_item,
    an_order,
    ask,
    cancelled,
    facts,
    imported,
    later,
    new_kinds,
    news,
    past,
)

NOTICE, UNSENT = UUID(int=61), UUID(int=62)


def an_offer(**fields: Any) -> ServiceOrder:
    """Bring an order to a quote for both services."""
    return past(ask(an_order(**fields), a_quote()))


def a_refusal(*declined_lines: str, **fields: Any) -> DeclineQuote:
    given: dict[str, Any] = {
        "quote_version": 1,
        "declined_lines": declined_lines,
        "reason_code": "price",
        "consent": a_consent(),
    }
    return DeclineQuote(**given | fields)


def test_an_approval_is_of_one_version_by_its_digest() -> None:
    order = an_offer()

    ask(order, an_approval(order, immediate_execution_requested=True))

    [(kind, fields), _] = news(order)
    assert kind is QuoteApproved
    assert (fields["quote_version"], fields["total"]) == (1, 40000)
    assert fields["content_sha256"] == order.quotes[1].content_sha256
    assert fields["immediate_execution_requested"]
    assert order.approved_version == 1


def test_approving_promises_the_end_of_the_day_that_the_quote_names() -> None:
    order = an_offer()

    ask(order, an_approval(order))

    assert new_kinds(order) == [QuoteApproved, CompletionPromised]
    assert order.promised_at == datetime(2026, 3, 21, 3, tzinfo=UTC)  # 20 March is over


ENDS = [
    (0, "2026-03-02T15:00Z", "2026-03-03T03:00Z"),
    (1, "2026-03-02T15:00Z", "2026-03-04T03:00Z"),
    (5, "2026-03-02T15:00Z", "2026-03-10T03:00Z"),
    (1, "2026-04-02T15:00Z", "2026-04-07T03:00Z"),  # Good Friday
    (1, "2026-07-08T15:00Z", "2026-07-11T03:00Z"),  # 9 July is a holiday in São Paulo
]


@pytest.mark.parametrize(("days", "approved", "promised"), ENDS)
def test_an_end_in_business_days_is_counted_from_the_approval(
    days: int, approved: str, promised: str
) -> None:
    order = ask(an_order(), a_quote(end=EndTerm(business_days_after_approval=days)))

    ask(order, an_approval(order), datetime.fromisoformat(approved))

    assert order.promised_at == datetime.fromisoformat(promised)


def test_an_approval_whose_end_cannot_be_counted_leaves_nothing_behind() -> None:
    order = past(ask(an_order(), a_quote(end=EndTerm(business_days_after_approval=1))))
    elsewhere = a_company(units=(a_company().units[0].model_copy(update={"id": UUID(int=99)}),))

    with pytest.raises(UnknownUnitError):
        ask(order, an_approval(order), company=elsewhere)

    assert (new_kinds(order), order.approved_version) == ([], 0)


def test_who_agrees_to_a_quote_agrees_to_its_date() -> None:
    order = ask(an_offer(), PromiseCompletion(promised_at=later(24)))
    approval = an_approval(order)

    ask(past(order), approval)

    promise = facts(order)[-1]
    assert promise.promised_at > promise.previous_at
    assert promise.consent == approval.consent


def test_a_later_approval_promises_anew() -> None:
    order = an_offer()
    ask(order, an_approval(order))
    ask(order, a_quote(end=EndTerm(on=date(2026, 3, 30))))

    ask(order, an_approval(order), later(1))

    promise = facts(order)[-1]
    assert (promise.promise_no, promise.previous_at) == (2, datetime(2026, 3, 21, 3, tzinfo=UTC))


def test_a_version_that_was_not_issued_is_not_answered() -> None:
    order = an_offer()

    with pytest.raises(QuoteVersionUnknownError):
        ask(order, an_approval(order, quote_version=2))


def test_only_the_latest_version_is_approved() -> None:
    order = an_offer()
    first = an_approval(order)
    ask(order, a_quote())

    with pytest.raises(QuoteSupersededError):
        ask(order, first)


def test_an_approved_version_stays_in_force_until_a_newer_one_is_approved() -> None:
    order = an_offer()
    ask(order, an_approval(order))

    ask(order, a_quote(an_item()))

    assert (order.approved_version, order.scope) == (1, {"screen", "port"})


def test_only_what_was_issued_is_approved() -> None:
    order = an_offer()

    with pytest.raises(QuoteDigestMismatchError):
        ask(order, an_approval(order, content_sha256="0" * 64))

    assert news(order) == []


@pytest.mark.parametrize("answered", ["approved", "declined"])
@pytest.mark.parametrize("again", ["approved", "declined"])
def test_a_version_is_answered_once(answered: str, again: str) -> None:
    order = an_offer()
    answers: dict[str, Any] = {"approved": an_approval(order), "declined": a_refusal()}
    ask(order, answers[answered])

    with pytest.raises(QuoteAlreadyAnsweredError):
        ask(order, answers[again])


@pytest.mark.parametrize("answer", ["approved", "declined"])
def test_a_quote_is_not_answered_before_it_is_issued(answer: str) -> None:
    order = ask(an_order(), a_quote(), later(2))
    answers: dict[str, Any] = {"approved": an_approval(order), "declined": a_refusal()}

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, answers[answer], later(1))


IN_WRITING = [
    ConsentMethod.OTP,
    ConsentMethod.LINK_CLICK,
    ConsentMethod.CHAT,
    ConsentMethod.EMAIL,
]


@pytest.mark.parametrize("method", [*IN_WRITING, ConsentMethod.VOICE])
def test_an_approval_without_proof_is_none(method: ConsentMethod) -> None:
    order = an_offer()

    with pytest.raises(ApprovalNotExpressError):
        ask(order, an_approval(order, consent=a_consent(method=method)))


@pytest.mark.parametrize("method", IN_WRITING)
def test_an_approval_in_writing_answers_a_notice(method: ConsentMethod) -> None:
    notice = SendNotice(
        notice_id=NOTICE,
        kind=NoticeKind.QUOTE,
        means=NoticeMeans.WHATSAPP,
        recipient_id=CUSTOMER,
        quote_version=1,
    )
    order = ask(an_offer(), notice)

    ask(order, an_approval(order, consent=a_consent(method=method, notice_id=NOTICE)))

    assert order.approved_version == 1


def test_an_approval_answers_a_notice_that_was_sent() -> None:
    order = an_offer()
    consent = a_consent(method=ConsentMethod.CHAT, notice_id=UNSENT)

    with pytest.raises(UnknownLineError):
        ask(order, an_approval(order, consent=consent))


@pytest.mark.parametrize("method", [ConsentMethod.SIGNATURE, ConsentMethod.PAPER])
def test_an_approval_may_be_signed(method: ConsentMethod) -> None:
    order = an_offer()

    ask(order, an_approval(order, consent=a_consent(method=method)))

    assert order.approved_version == 1


NOBODY = [
    (STRANGER, Relation.CUSTOMER),
    (STRANGER, Relation.AUTHORISED),
    (CUSTOMER, Relation.AUTHORISED),
    (FRIEND, Relation.CUSTOMER),
    (STRANGER, Relation.LEGAL_REPRESENTATIVE),
    (FRIEND, Relation.RESIDENT),
    (CUSTOMER, Relation.OTHER),
]


@pytest.mark.parametrize(("person_id", "relation"), NOBODY)
@pytest.mark.parametrize("answer", ["approved", "declined"])
def test_only_the_customer_and_whom_the_customer_authorised_answer(
    person_id: UUID, relation: Relation, answer: str
) -> None:
    order = an_offer(authorised_persons=(FRIEND,))
    consent = a_consent(person_id=person_id, relation=relation)
    answers: dict[str, Any] = {
        "approved": an_approval(order, consent=consent),
        "declined": a_refusal(consent=consent),
    }

    with pytest.raises(ApproverNotAuthorisedError):
        ask(order, answers[answer])


def test_an_authorised_person_answers() -> None:
    order = an_offer(authorised_persons=(FRIEND,))
    consent = a_consent(person_id=FRIEND, relation=Relation.AUTHORISED)

    ask(order, an_approval(order, consent=consent))

    assert order.approved_version == 1


def test_what_is_ticked_apart_is_a_line_of_the_version() -> None:
    order = an_offer()

    with pytest.raises(UnknownLineError):
        ask(order, an_approval(order, part_conditions_consented=("battery",)))


def test_nobody_approves_without_an_end() -> None:
    quote = a_quote(end=None)
    order = ask(an_order(), quote, **imported())

    with pytest.raises(PromiseMissingError):
        ask(order, an_approval(order))


def test_an_imported_approval_was_given_elsewhere() -> None:
    order = past(ask(an_order(), a_quote(end=None), **imported()))

    ask(order, an_approval(order, content_sha256=None, consent=None, **imported()), **imported())

    assert new_kinds(order) == [QuoteApproved]
    assert order.authorised


def test_only_an_import_lacks_who_agreed_to_what() -> None:
    with pytest.raises(ValidationError, match="missing: content_sha256, consent"):
        an_approval(an_offer(), content_sha256=None, consent=None)


def test_a_quote_is_declined_as_a_whole() -> None:
    order = an_offer()

    ask(order, a_refusal(reason_text="Achei caro."))

    declined = {
        "quote_version": 1,
        "extent": QuoteExtent.WHOLE,
        "accepted_lines": (),
        "declined_lines": ("port", "screen"),
        "reason_code": "price",
        "reason_text": "Achei caro.",
        "consent": a_consent().model_dump(),
    }
    assert news(order) == [(QuoteDeclined, declined)]
    assert order.to_return


def test_a_quote_is_declined_in_part() -> None:
    order = an_offer()

    ask(order, a_refusal("port"))

    [(_, fields)] = news(order)
    assert (fields["extent"], fields["accepted_lines"]) == (QuoteExtent.LINES, ("screen",))
    assert order.answers == {1: Answer.PARTLY_ACCEPTED}
    assert not order.to_return


def test_declining_every_service_is_declining_the_whole() -> None:
    order = ask(an_offer(), a_refusal("screen", "port"))

    assert order.answers == {1: Answer.DECLINED}


def test_declining_a_later_version_leaves_the_earlier_one_in_force() -> None:
    order = an_offer()
    ask(order, an_approval(order))
    ask(order, a_quote())

    ask(order, a_refusal(quote_version=2))

    assert (order.approved_version, order.to_return) == (1, False)


def test_only_services_of_the_version_are_declined() -> None:
    order = ask(an_order(), a_quote(an_item("screen")))

    with pytest.raises(UnknownLineError):
        ask(order, a_refusal("port"))


@pytest.mark.parametrize("answer", ["approved", "declined"])
def test_an_ended_order_takes_no_answer(answer: str) -> None:
    order = an_offer()
    answers: dict[str, Any] = {"approved": an_approval(order), "declined": a_refusal()}
    cancelled(order)

    with pytest.raises(OrderEndedError):
        ask(order, answers[answer])


def test_a_version_is_not_declined_once_a_newer_one_is_issued() -> None:
    order = past(ask(an_offer(), a_quote(), later(2)))

    with pytest.raises(QuoteSupersededError):
        ask(order, a_refusal(), later(2))

    assert (new_kinds(order), order.to_return) == ([], False)


def test_that_a_version_was_declined_before_the_newer_one_may_be_told_late() -> None:
    order = past(ask(an_offer(), a_quote(), later(2)))

    ask(order, a_refusal(), later(1))

    assert new_kinds(order) == [QuoteDeclined]

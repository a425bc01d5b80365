from typing import Any
from uuid import UUID

import pytest

from os_events.aggregates.service_order.checks import OrderEndedError, UnknownLineError
from os_events.aggregates.service_order.codes import ConsentMethod, NoticeKind, Relation
from os_events.aggregates.service_order.notices import NoticeMeans, SendNotice
from os_events.aggregates.service_order.promises import (
    MovedBy,
    PromiseCause,
    PromiseCompletion,
    PromiseLaterWithoutConsentError,
    PromiseOrigin,
)
from tests.support import (
    CUSTOMER,
    FRIEND,
    STRANGER,
    a_consent,
    an_order,
    ask,
    cancelled,
    imported,
    later,
    news,
    past,
)

NOTICE = UUID(int=60)


def a_notice() -> SendNotice:
    return SendNotice(
        notice_id=NOTICE,
        kind=NoticeKind.DELAY,
        means=NoticeMeans.WHATSAPP,
        recipient_id=CUSTOMER,
    )


def test_a_first_promise_needs_nobodys_consent() -> None:
    order = past(an_order())

    ask(order, PromiseCompletion(promised_at=later(48)))

    [(_, fields)] = news(order)
    assert fields["origin"] is PromiseOrigin.OPENING
    assert order.promised_at == later(48)


def test_a_promise_may_be_brought_forward_without_consent() -> None:
    order = past(an_order(promised_at=later(48)))

    ask(order, PromiseCompletion(promised_at=later(24)))

    [(_, fields)] = news(order)
    assert (fields["promise_no"], fields["previous_at"]) == (2, later(48))
    assert fields["origin"] is PromiseOrigin.RENEGOTIATION


def test_the_same_promise_needs_nobodys_consent() -> None:
    order = past(an_order(promised_at=later(48)))

    ask(order, PromiseCompletion(promised_at=later(48)))

    assert order.promise_no == 2


def test_a_promise_is_put_off_with_the_customers_consent() -> None:
    order = past(an_order(promised_at=later(48)))
    request = PromiseCompletion(
        promised_at=later(72),
        moved_by=MovedBy.PROVIDER,
        cause=PromiseCause.PARTS,
        consent=a_consent(),
    )

    ask(order, request)

    [(_, fields)] = news(order)
    assert fields["deadlines"][0]["due_at"] == later(72)
    assert order.promise_no == 2


@pytest.mark.parametrize(
    "consent",
    [
        None,
        a_consent(person_id=STRANGER, relation=Relation.OTHER),
        a_consent(method=ConsentMethod.CHAT),
        a_consent(method=ConsentMethod.OTP),
    ],
    ids=["nobody", "stranger", "chat without notice", "code without notice"],
)
def test_a_promise_is_not_put_off_without_express_consent(consent: Any) -> None:
    order = an_order(promised_at=later(48))

    with pytest.raises(PromiseLaterWithoutConsentError):
        ask(order, PromiseCompletion(promised_at=later(49), consent=consent))


def test_whom_the_customer_authorised_may_agree_to_a_later_date() -> None:
    order = past(an_order(promised_at=later(48), authorised_persons=(FRIEND,)))
    agreed = a_consent(person_id=FRIEND, relation=Relation.AUTHORISED)

    ask(order, PromiseCompletion(promised_at=later(72), consent=agreed))

    assert order.promised_at == later(72)


def test_a_chat_proves_consent_by_the_notice_that_it_answers() -> None:
    order = past(ask(an_order(promised_at=later(48)), a_notice()))
    agreed = a_consent(method=ConsentMethod.CHAT, notice_id=NOTICE)

    ask(order, PromiseCompletion(promised_at=later(72), consent=agreed))

    assert order.promised_at == later(72)


def test_a_consent_names_a_notice_that_was_sent() -> None:
    order = an_order(promised_at=later(48))
    agreed = a_consent(method=ConsentMethod.CHAT, notice_id=NOTICE)

    with pytest.raises(UnknownLineError):
        ask(order, PromiseCompletion(promised_at=later(72), consent=agreed))


def test_an_imported_promise_was_decided_elsewhere() -> None:
    order = past(an_order(promised_at=later(48)))

    ask(order, PromiseCompletion(promised_at=later(72)), **imported())

    assert order.promised_at == later(72)


def test_nothing_is_promised_for_what_has_ended() -> None:
    order = cancelled(an_order())

    with pytest.raises(OrderEndedError):
        ask(order, PromiseCompletion(promised_at=later(48)))

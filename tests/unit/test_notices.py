from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from os_events.aggregates.rules import OccurredOutOfOrderError
from os_events.aggregates.service_order.checks import DuplicateIdError, UnknownLineError
from os_events.aggregates.service_order.codes import NoticeKind
from os_events.aggregates.service_order.notices import NoticeMeans, NoticeSent, SendNotice
from tests.support import (
    CUSTOMER,
    a_quote,
    an_order,
    ask,
    cancelled,
    later,
    new_kinds,
    news,
    past,
)


def a_notice(kind: NoticeKind = NoticeKind.STATUS_UPDATE, **fields: Any) -> SendNotice:
    given: dict[str, Any] = {
        "kind": kind,
        "means": NoticeMeans.WHATSAPP,
        "recipient_id": CUSTOMER,
    }
    return SendNotice(**given | fields)


def test_a_quote_is_sent_by_a_notice_of_its_version() -> None:
    order = past(ask(an_order(), a_quote()))

    ask(order, a_notice(NoticeKind.QUOTE, quote_version=1, provider_ref="wamid.1"))

    [(kind, fields)] = news(order)
    assert kind is NoticeSent
    assert (fields["quote_version"], fields["provider_ref"]) == (1, "wamid.1")
    assert order.sent == {1}


def test_a_notice_that_it_is_ready_makes_it_ready() -> None:
    order = past(an_order())

    ask(order, a_notice(NoticeKind.READY))

    assert order.ready


def test_an_order_is_not_ready_because_somebody_was_told_something() -> None:
    order = past(an_order())

    ask(order, a_notice())

    assert not order.ready


def test_a_notice_names_a_version_that_was_issued() -> None:
    order = an_order()

    with pytest.raises(UnknownLineError):
        ask(order, a_notice(NoticeKind.QUOTE, quote_version=1))


def test_a_notice_is_not_called_like_an_earlier_one() -> None:
    order = ask(an_order(), a_notice(notice_id=UUID(int=60)))

    with pytest.raises(DuplicateIdError):
        ask(order, a_notice(notice_id=UUID(int=60)))


def test_a_quote_is_not_sent_before_it_is_issued() -> None:
    order = ask(an_order(), a_quote(), later(2))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_notice(NoticeKind.QUOTE, quote_version=1), later(1))


@pytest.mark.parametrize(
    "wrong", [{"kind": NoticeKind.QUOTE}, {"kind": NoticeKind.READY, "quote_version": 1}]
)
def test_a_version_is_named_by_notices_of_quotes_only(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_notice(**wrong)


def test_a_customer_is_told_after_the_end_too() -> None:
    order = past(cancelled(an_order()))

    ask(order, a_notice(NoticeKind.PICKUP_FORMAL, means=NoticeMeans.LETTER_AR))

    assert new_kinds(order) == [NoticeSent]

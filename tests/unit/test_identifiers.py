from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from os_events.values.identifiers import (
    CEP,
    CNPJ,
    CPF,
    IMEI,
    MAC,
    Cep,
    Cnpj,
    Cpf,
    Email,
    Imei,
    Mac,
    Phone,
    PhoneKind,
    PlainDescription,
    SerialNumber,
    display_phone,
    kind_of_phone,
)


def normal(kind: Any, typed: str) -> str:
    found: str = TypeAdapter(kind).validate_python(typed)
    return found


def refusal(kind: Any, typed: str) -> ValidationError:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(typed)
    return refused.value


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        (Cpf, "11144477735", "11144477735"),
        (Cpf, "111.444.777-35", "11144477735"),
        (Cpf, " 111 444 777 35 ", "11144477735"),
        (Cpf, "52998224725", "52998224725"),
        (Cpf, "12345678909", "12345678909"),
        (Cpf, "00000000191", "00000000191"),
        (Cnpj, "12ABC34501DE35", "12ABC34501DE35"),
        (Cnpj, "12.ABC.345/01DE-35", "12ABC34501DE35"),
        (Cnpj, "12.abc.345/01de-35", "12ABC34501DE35"),
        (Cnpj, "00000000000191", "00000000000191"),
        (Cnpj, "11222333000181", "11222333000181"),
        (Cnpj, "A1B2C3D4000193", "A1B2C3D4000193"),
        (Cnpj, "ZZZZZZZZ000191", "ZZZZZZZZ000191"),
        (Cnpj, "ILOUQF12000143", "ILOUQF12000143"),
        (Cnpj, "AAAAAAAAAAAA45", "AAAAAAAAAAAA45"),
        (Cep, "01310-100", "01310100"),
        (Cep, "01.310-100", "01310100"),
        (Imei, "490154203237518", "490154203237518"),
        (Imei, "35-693803-564380-9", "356938035643809"),
        (Mac, "00:1A:2B:3C:4D:5E", "00:1a:2b:3c:4d:5e"),
        (Mac, "00-1a-2b-3c-4d-5e", "00:1a:2b:3c:4d:5e"),
        (Mac, "001a.2b3c.4d5e", "00:1a:2b:3c:4d:5e"),
        (Mac, "001A2B3C4D5E", "00:1a:2b:3c:4d:5e"),
        (Mac, "02:1A:2B:3C:4D:5E", "02:1a:2b:3c:4d:5e"),
        (SerialNumber, "zy22g8kxlm", "ZY22G8KXLM"),
        (Email, "Ana.Souza+os@Example.com.br", "Ana.Souza+os@Example.com.br"),
    ],
)
def test_an_identifier_has_one_normal_form(kind: Any, typed: str, expected: str) -> None:
    once = normal(kind, typed)

    again = normal(kind, once)

    assert (once, again) == (expected, expected)


@pytest.mark.parametrize(
    ("kind", "typed", "reason"),
    [
        (Cpf, "12345678900", "check digit"),
        (Cpf, "11111111111", "repeated"),
        (Cpf, "1114447773", "length"),
        (Cpf, "\uff111144477735", "characters"),
        (Cpf, "11144477735\n", "characters"),
        (Cpf, "111/444/777-35", "characters"),
        (Cnpj, "12ABC34501DE36", "check digit"),
        (Cnpj, "11222333000180", "check digit"),
        (Cnpj, "12ABC34501DE3A", "characters"),
        (Cnpj, "00000000000000", "repeated"),
        (Cnpj, "12ABC34501DE35\n", "characters"),
        (Cnpj, "\uff11\uff12ABC34501DE35", "characters"),
        (Cep, "0131010", "length"),
        (Imei, "490154203237517", "check digit"),
        (Imei, "000000000000000", "repeated"),
        (Imei, "49015420323751", "length"),
        (Imei, "4901542032375186", "length"),
        (Mac, "FF:FF:FF:FF:FF:FF", "multicast"),
        (Mac, "01:00:5E:00:00:01", "multicast"),
        (Mac, "00:00:00:00:00:00", "all zeros"),
        (Mac, "00:1A-2B:3C:4D:5E", "characters"),
        (Mac, "00:1A:2B:3C:4D:5G", "characters"),
        (SerialNumber, "A B C D", "characters"),
        (SerialNumber, "AB", "length"),
        (SerialNumber, "séries", "characters"),
        (Phone, "1187654321", "numbering plan"),
        (Phone, "11887654321", "numbering plan"),
        (Phone, "20987654321", "numbering plan"),
        (Phone, "987654321", "numbering plan"),
        (Phone, "190", "numbering plan"),
        (Phone, "1 800 FLOWERS", "characters"),
        (Email, "ana@example", "characters"),
        (Email, "ana@@example.com", "characters"),
        (Email, "ana maria@example.com", "characters"),
        (Email, "ana@example.com\n", "characters"),
    ],
)
def test_what_is_malformed_is_refused_by_rule_and_never_repeated(
    kind: Any, typed: str, reason: str
) -> None:
    error = refusal(kind, typed).errors(include_input=False, include_url=False)[0]

    assert error["type"] == "identifier-invalid"
    assert error["ctx"]["rule"] == "L1"
    assert reason in error["msg"]
    assert typed.strip() not in str(error)


@pytest.mark.parametrize(
    ("typed", "e164", "kind", "shown"),
    [
        ("11987654321", "+5511987654321", PhoneKind.MOBILE, "(11) 98765-4321"),
        ("(11) 98765-4321", "+5511987654321", PhoneKind.MOBILE, "(11) 98765-4321"),
        ("+55 11 98765-4321", "+5511987654321", PhoneKind.MOBILE, "(11) 98765-4321"),
        ("1132654321", "+551132654321", PhoneKind.FIXED, "(11) 3265-4321"),
        ("08007011234", "+558007011234", PhoneKind.TOLL_FREE, "0800 701 1234"),
        ("4004-1234", "+5540041234", PhoneKind.SHARED_COST, "4004-1234"),
        ("3003 1234", "+5530031234", PhoneKind.SHARED_COST, "3003-1234"),
        ("+1 650 253 0000", "+16502530000", PhoneKind.FOREIGN, "+1 650-253-0000"),
    ],
)
def test_a_phone_is_kept_in_e164_with_its_kind(
    typed: str, e164: str, kind: PhoneKind, shown: str
) -> None:
    kept = normal(Phone, typed)

    assert kept == e164
    assert kind_of_phone(kept) is kind
    assert display_phone(kept) == shown


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (CPF.display("11144477735"), "111.444.777-35"),
        (CNPJ.display("12ABC34501DE35"), "12.ABC.345/01DE-35"),
        (CEP.display("01310100"), "01310-100"),
        (IMEI.display("490154203237518"), "490154203237518"),
        (MAC.display("001A2B3C4D5E"), "00:1A:2B:3C:4D:5E"),
    ],
)
def test_an_identifier_is_shown_as_people_write_it(shown: str, expected: str) -> None:
    assert shown == expected


@pytest.mark.parametrize(
    "text",
    [
        "Falar com ana@example.com",
        "Ligar para 11987654321",
        "Ligar para (11) 3265-4321.",
        "WhatsApp +55 11 98765-4321!",
        "CPF 111.444.777-35",
        "do titular 11144477735",
        "da firma 12.ABC.345/01DE-35",
        "da firma 11222333000181",
        "cartão 4111 1111 1111 1111",
        "cartão 3782-822463-10005",
    ],
)
def test_a_description_that_names_a_person_is_refused(text: str) -> None:
    error = refusal(PlainDescription, text).errors(include_input=False, include_url=False)[0]

    assert error["type"] == "personal-data-in-description"
    assert error["ctx"] == {"rule": "L1"}
    assert text not in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "Tela 6,5 pol. SM-A546B/DS 128 GB",
        "Peça 1132654321",
        "EAN 7891000315507",
        "Bateria BLP 98765 43210 de 5000 mAh",
        "Placa 11144477734, que não é CPF",
        "Cartão de memória 4111 1111 1111 1112",
        "NF-e 35260911222333000181550010000001231123456783",
    ],
)
def test_a_description_may_hold_the_numbers_of_things(text: str) -> None:
    assert normal(PlainDescription, text) == text

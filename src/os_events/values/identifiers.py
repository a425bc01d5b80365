"""Numbers and codes of people, places and devices: raw text in, the one normal form out.

Valid is not existing: a check digit says that a number is well formed, no more. Numbers of phones
follow a table that moves, so events hold them as plain text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, NoReturn

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from os_events.values.scalars import Code


@dataclass(frozen=True)
class Form:
    """How an identifier is written.

    Shape: ``separators`` may stand anywhere in what is typed; ``mask`` has a ``#`` for each sign of
    the normal form; ``flaw`` says what is wrong with a text that fits the pattern.
    """

    what: str
    pattern: str
    separators: str = ""
    mask: str = ""
    flaw: Callable[[str], str | None] = lambda _: None

    def normal(self, typed: str) -> str:
        """Give the normal form. Raises PydanticCustomError, which never says the value."""
        text = typed.strip(" ").translate(dict.fromkeys(map(ord, self.separators)))
        if not text.isascii():
            refuse(self.what, "characters")
        text = text.upper()
        if not re.fullmatch(self.pattern, text):
            refuse(self.what, "characters or length")
        if flaw := self.flaw(text):
            refuse(self.what, flaw)
        return text

    def display(self, normal: str) -> str:
        """Write a normal form as people do."""
        signs = iter(normal)
        return "".join(next(signs) if place == "#" else place for place in self.mask) or normal


def refuse(what: str, reason: str) -> NoReturn:
    """Raise the error of an identifier that is not well formed (L1)."""
    context = {"rule": "L1", "what": what, "reason": reason}
    raise PydanticCustomError("identifier-invalid", "{what}: {reason}", context)


def check_digit(text: str, top: int) -> str:
    """Compute the next digit, weights 2 to ``top`` from the right and again (IN RFB 2.229/2024).

    A sign is worth its ASCII code less 48.
    """
    weights = (2 + place % (top - 1) for place in range(len(text)))
    total = sum(
        (ord(sign) - 48) * weight for sign, weight in zip(reversed(text), weights, strict=True)
    )
    rest = total % 11
    return "0" if rest < 2 else str(11 - rest)  # noqa: PLR2004 - the norm's own number


def modulus_11(top: int) -> Callable[[str], str | None]:
    """Make the check of a number that ends in two such digits."""

    def flaw(text: str) -> str | None:
        if len(set(text)) == 1:
            return "repeated"
        stem = text[:-2]
        first = check_digit(stem, top)
        return None if text[-2:] == first + check_digit(stem + first, top) else "check digit"

    return flaw


def luhn(digits: str) -> str | None:
    """Check the last digit (ISO/IEC 7812-1 annex B)."""
    if len(set(digits)) == 1:
        return "repeated"
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return "check digit" if sum(n - 9 if n > 9 else n for n in doubled) % 10 else None  # noqa: PLR2004 - the norm's


def station(mac: str) -> str | None:
    """Check that an address can be one device's (IEEE 802)."""
    if not int(mac, 16):
        return "all zeros"
    return "multicast" if int(mac[:2], 16) & 1 else None


CPF = Form("CPF", r"[0-9]{11}", ".- ", "###.###.###-##", modulus_11(11))
CNPJ = Form("CNPJ", r"[A-Z0-9]{12}[0-9]{2}", "./- ", "##.###.###/####-##", modulus_11(9))
CEP = Form("CEP", r"[0-9]{8}", ".-", "#####-###")
IMEI = Form("IMEI", r"[0-9]{15}", "-/ ", flaw=luhn)
MAC = Form("MAC", r"[0-9A-F]{12}", ":-.", "##:##:##:##:##:##", station)
SERIAL = Form("serial number", r"[!-~]{3,40}")


def mac(typed: str) -> str:
    """Give the normal form of a MAC: six bytes with colons, in lower case."""
    if not re.fullmatch(r" *(?:(\w\w([:-]))(\w\w\2){4}\w\w|(\w{4}\.){2}\w{4}|\w{12}) *", typed):
        refuse(MAC.what, "characters or length")
    return MAC.display(MAC.normal(typed)).lower()


def phone(typed: str) -> str:
    """Give the E.164 form of a number as dialled in Brazil, or of a foreign one with ``+``."""
    if not re.fullmatch(r"\+?[0-9 ().-]{3,30}", typed.strip(" ")):
        refuse("phone", "characters or length")
    try:
        number = phonenumbers.parse(typed, "BR")
    except phonenumbers.NumberParseException:
        refuse("phone", "not a number")
    if not phonenumbers.is_valid_number(number):
        refuse("phone", "not in the numbering plan")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def email(typed: str) -> str:
    """Give the address as typed. Whether it is anybody's is learnt from notices."""
    if not re.fullmatch(r"[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+\.[^@\s\x00-\x1f\x7f.]+", typed):
        refuse("e-mail", "characters")
    return typed


class PhoneKind(Code):
    """What kind of number it is."""

    MOBILE = "mobile", "celular"
    FIXED = "fixed", "fixo"
    TOLL_FREE = "toll_free", "gratuito"
    SHARED_COST = "shared_cost", "custo partilhado"
    FOREIGN = "foreign", "exterior"
    OTHER = "other", "outro"


PHONE_KINDS = {
    PhoneNumberType.MOBILE: PhoneKind.MOBILE,
    PhoneNumberType.FIXED_LINE: PhoneKind.FIXED,
    PhoneNumberType.TOLL_FREE: PhoneKind.TOLL_FREE,
    PhoneNumberType.SHARED_COST: PhoneKind.SHARED_COST,
}


def kind_of_phone(e164: str) -> PhoneKind:
    """Say what kind of number it is."""
    number = phonenumbers.parse(e164)
    if number.country_code != phonenumbers.country_code_for_region("BR"):
        return PhoneKind.FOREIGN
    return PHONE_KINDS.get(phonenumbers.number_type(number), PhoneKind.OTHER)


def display_phone(e164: str) -> str:
    """Write a Brazilian number as at home, a foreign one with its country."""
    number = phonenumbers.parse(e164)
    foreign = number.country_code != phonenumbers.country_code_for_region("BR")
    form = PhoneNumberFormat.INTERNATIONAL if foreign else PhoneNumberFormat.NATIONAL
    return phonenumbers.format_number(number, form)


Cpf = Annotated[str, AfterValidator(CPF.normal), Field(examples=["111.444.777-35"])]
Cnpj = Annotated[str, AfterValidator(CNPJ.normal), Field(examples=["12.ABC.345/01DE-35"])]
Cep = Annotated[str, AfterValidator(CEP.normal), Field(examples=["01310-100"])]
Imei = Annotated[str, AfterValidator(IMEI.normal), Field(examples=["490154203237518"])]
Mac = Annotated[str, AfterValidator(mac), Field(examples=["00:1a:2b:3c:4d:5e"])]
SerialNumber = Annotated[str, AfterValidator(SERIAL.normal), Field(examples=["ZY22G8KXLM"])]
Phone = Annotated[str, AfterValidator(phone), Field(examples=["(11) 98765-4321"])]
Email = Annotated[str, Field(max_length=254), AfterValidator(email)]

MAY_NAME_A_PERSON = re.compile(r"[\d@]")  # no pattern below fits without
# Patterns may be loosened, never tightened: events hold descriptions too.
EMAIL_IN_TEXT = re.compile(r"[^\s@]@[\w-]+\.\w")
PHONE_IN_TEXT = re.compile(
    r"""(?<!\w) (?: \+?55 [ .-]? )?
    (?: \(? [1-9]\d \)? [ .-]? 9\d{4} [ .-]? \d{4}             # a mobile
      | \( [1-9]\d \) [ ]? [2-5]\d{3} [ .-]? \d{4}             # a landline with its area
      | [1-9]\d [ .-] [2-5]\d{3} - \d{4} ) (?!\w)""",
    re.VERBOSE,
)
CPF_IN_TEXT = re.compile(r"(?<!\w)\d{3}\.?\d{3}\.?\d{3}[- ]?\d{2}(?!\w)")
CNPJ_IN_TEXT = re.compile(r"(?<!\w)(?:\w{2}\.\w{3}\.\w{3}/\w{4}-\d{2}|\d{14})(?!\w)", re.ASCII)
CARD_IN_TEXT = re.compile(
    r"(?<!\w)(?:[2-6]\d{3}(?:[ -]?\d{4}){3}|3[47]\d{2}[ -]?\d{6}[ -]?\d{5})(?!\w)"
)
CARD = Form("card", r"[0-9]{15,16}", " -", flaw=luhn)


def plain_description(text: str) -> str:
    """Give back what describes a thing. Raises PydanticCustomError where it names a person (L1)."""
    if not MAY_NAME_A_PERSON.search(text):  # asked whenever an event is read
        return text
    if (
        EMAIL_IN_TEXT.search(text)
        or PHONE_IN_TEXT.search(text)
        or any(map(is_one(CPF), CPF_IN_TEXT.findall(text)))
        or any(map(is_one(CNPJ), CNPJ_IN_TEXT.findall(text)))
        or any(map(is_one(CARD), CARD_IN_TEXT.findall(text)))
    ):
        context = {"rule": "L1"}
        raise PydanticCustomError("personal-data-in-description", "names a person", context)
    return text


def is_one(form: Form) -> Callable[[str], bool]:
    """Make the question whether a text is such an identifier."""

    def asked(text: str) -> bool:
        try:
            return bool(form.normal(text))
        except PydanticCustomError:
            return False

    return asked


PlainDescription = Annotated[
    str, Field(min_length=1, max_length=200), AfterValidator(plain_description)
]
PlainText = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(plain_description)]

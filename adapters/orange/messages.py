"""Orange's dialect: the envelopes we send and the elements we read.

A stand-in of ours, documented in `dialect.md`: the operator's own interface is not public. Every
document is read without entities, without network and within a size; a fault is a refusal by code.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from lxml import etree

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
ORDERS = "urn:raccord:orange:lines:1"
FAULT = "Fault"
BYTES_MAX = 64 * 1024
"""More than any document of this dialect needs. A default of ours."""
WORD_MAX = 100
DEPTH_MAX = 3
"""Parts of parts: no document of this dialect goes deeper."""
_WORD = re.compile(rf"[!-~]{{1,{WORD_MAX}}}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARS = range(2000, 2200)
_NO_TYPE = "a document type is not part of the dialect"
TRUTHS = {"true": True, "1": True, "false": False, "0": False}
T = TypeVar("T")


class UnreadableDocumentError(ValueError):
    """Not a document of this dialect."""


class TooLargeDocumentError(UnreadableDocumentError):
    """More than is taken of what was asked for; the rest of it was not even read."""


@dataclass(frozen=True, kw_only=True)
class Token:
    """The username token of the envelope's header."""

    username: str
    password: str

    def __repr__(self) -> str:
        return f"Token({self.username})"


@dataclass(frozen=True, kw_only=True)
class Element:
    """One element of the body: its name, its fields, all text, and the parts it has besides."""

    name: str
    fields: Mapping[str, str]
    parts: tuple["Element", ...] = ()

    def __repr__(self) -> str:
        return f"Element({self.name})"


def envelope(body: Element, token: Token) -> bytes:
    """`<soap:Envelope>` with the token in its header and one element in its body."""
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP, "o": ORDERS})
    header = etree.SubElement(root, f"{{{SOAP}}}Header")
    security = etree.SubElement(header, f"{{{WSSE}}}Security")
    username = etree.SubElement(security, f"{{{WSSE}}}UsernameToken")
    etree.SubElement(username, f"{{{WSSE}}}Username").text = token.username
    etree.SubElement(username, f"{{{WSSE}}}Password").text = token.password
    _write(etree.SubElement(root, f"{{{SOAP}}}Body"), body)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def read_envelope(document: bytes, *, limit: int = BYTES_MAX) -> Element:
    """The element in the body; a fault comes as `Fault` with its `code`."""
    content = _body(_root(document, limit))
    if content.tag == f"{{{SOAP}}}Fault":
        return Element(name=FAULT, fields={"code": (content.findtext("faultcode") or "").strip()})
    return _element(content)


def read_token(document: bytes) -> Token | None:
    """None when the header bears none."""
    root = _root(document)
    username = root.findtext(f".//{{{WSSE}}}Username")
    password = root.findtext(f".//{{{WSSE}}}Password")
    if username is None or password is None:
        return None
    return Token(username=username, password=password)


def field_of(element: Element, name: str) -> str:
    value = element.fields.get(name, "")
    if not value:
        raise UnreadableDocumentError(f"{element.name} has no {name}")
    return value


def word_of(element: Element, name: str) -> str:
    """A code, a reference or a name: printed characters without spaces, and not many."""
    value = field_of(element, name)
    if _WORD.fullmatch(value) is None:
        raise UnreadableDocumentError(f"{name} is no word of at most {WORD_MAX} characters")
    return value


def looked_up(table: Mapping[str, T], element: Element, name: str) -> T:
    found = table.get(field_of(element, name))
    if found is None:
        raise UnreadableDocumentError(f"no such {name}")
    return found


def instant_of(element: Element, name: str = "at") -> datetime:
    text = field_of(element, name)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as exc:
        raise UnreadableDocumentError(f"{name} is no instant") from exc
    if moment.tzinfo is None:
        raise UnreadableDocumentError(f"{name} has no offset")
    if moment.year not in _YEARS:
        raise UnreadableDocumentError(f"{name} is in no year of ours")
    return moment


def day_of(element: Element, name: str) -> date:
    text = field_of(element, name)
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise UnreadableDocumentError(f"{name} is no day of our time")
    return day


def part_of(element: Element, name: str) -> Element:
    found = next((part for part in element.parts if part.name == name), None)
    if found is None:
        raise UnreadableDocumentError(f"{element.name} has no {name}")
    return found


def parts_of(element: Element, name: str, each: str) -> tuple[Element, ...]:
    """None where there is no such part."""
    if all(part.name != name for part in element.parts):
        return ()
    found = part_of(element, name)
    if any(part.name != each for part in found.parts):
        raise UnreadableDocumentError(f"{name} are of {each}")
    return found.parts


def _write(parent: etree._Element, element: Element) -> None:
    content = etree.SubElement(parent, _own(element.name))
    for name, value in element.fields.items():
        etree.SubElement(content, _own(name)).text = value
    for part in element.parts:
        _write(content, part)


def _own(name: str) -> str:
    return f"{{{ORDERS}}}{name}"


def _root(document: bytes, limit: int = BYTES_MAX) -> etree._Element:
    """A picture is one long text, which the parser takes with its own bounds off: nothing in it may
    then declare anything, in whatever encoding."""
    pictured = limit > BYTES_MAX
    if len(document) > limit:
        raise TooLargeDocumentError(f"larger than {limit} bytes")
    if pictured and b"<!DOCTYPE" in document:
        raise UnreadableDocumentError(_NO_TYPE)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=pictured,
        encoding="utf-8" if pictured else None,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, LookupError) as exc:
        raise UnreadableDocumentError(f"not XML: {type(exc).__name__}") from exc
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableDocumentError(_NO_TYPE)
    return root


def _body(root: etree._Element) -> etree._Element:
    body = root.find(f"{{{SOAP}}}Body")
    if body is None or len(body) != 1:
        raise UnreadableDocumentError("an envelope has one element in its body")
    return body[0]


def _element(content: etree._Element, depth: int = 0) -> Element:
    name = etree.QName(content)
    if name.namespace != ORDERS:
        raise UnreadableDocumentError(f"{name.localname} is not of this dialect")
    if depth > DEPTH_MAX:
        raise UnreadableDocumentError("parts of parts of parts")
    return Element(
        name=name.localname,
        fields={
            etree.QName(child).localname: (child.text or "").strip()
            for child in content
            if not len(child)
        },
        parts=tuple(_element(child, depth + 1) for child in content if len(child)),
    )

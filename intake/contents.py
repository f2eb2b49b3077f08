"""What a document is made of, looked at before it is kept: its type, its size, what it carries."""

import io

from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from domain.order_file import MediaType
from domain.parsed import BadValueError

PAGES_MAX = 500
PIXELS_MAX = 60_000_000
_MARKS = {
    MediaType.PDF: b"%PDF-",
    MediaType.PNG: b"\x89PNG\r\n\x1a\n",
    MediaType.JPEG: b"\xff\xd8\xff",
}
_CARRIES = ("/JavaScript", "/EmbeddedFiles")


def check_content(media_type: MediaType, content: bytes) -> None:
    """BadValueError says what to send instead."""
    if not content:
        raise BadValueError("the document is empty: send its content as the body")
    if not content.startswith(_MARKS[media_type]):
        raise BadValueError(f"this is no {media_type}: say what it is, or send another file")
    if media_type is MediaType.PDF:
        _check_pdf(content)
    else:
        _check_image(media_type, content)


def _check_pdf(content: bytes) -> None:
    try:
        reader = PdfReader(io.BytesIO(content))
        encrypted, pages = reader.is_encrypted, 0 if reader.is_encrypted else len(reader.pages)
        carried = () if encrypted else _carried(reader)
    except Exception as exc:
        raise BadValueError("this PDF cannot be read: make it anew and send it again") from exc
    if encrypted:
        raise BadValueError("this PDF is locked: send it without a password")
    if not 1 <= pages <= PAGES_MAX:
        raise BadValueError(f"this PDF has {pages} pages: send one of 1 to {PAGES_MAX}")
    if carried:
        raise BadValueError(
            f"this PDF carries something that runs or another file ({carried[0]}): print it to a "
            "plain PDF and send that"
        )


def _carried(reader: PdfReader) -> tuple[str, ...]:
    """What in a document could run when it is opened, or hides in it."""
    root = _resolved(reader.trailer["/Root"])
    named = _resolved(root.get("/Names"))
    form = _resolved(root.get("/AcroForm"))
    found = [name for name in ("/AA",) if name in root]
    found += [name for name in _CARRIES if name in named]
    found += ["/XFA"] if "/XFA" in form else []
    action = _resolved(root.get("/OpenAction"))
    if action.get("/S") in {"/JavaScript", "/Launch", "/URI", "/SubmitForm"}:
        found.append("/OpenAction")
    return tuple(found)


def _resolved(value: object) -> DictionaryObject:
    """A dictionary wherever it stands; an empty one for anything else."""
    found = value.get_object() if isinstance(value, IndirectObject) else value
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _check_image(media_type: MediaType, content: bytes) -> None:
    kind = {MediaType.PNG: "PNG", MediaType.JPEG: "JPEG"}[media_type]
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as image:
            width, height = image.size
            image.verify()
    except (OSError, ValueError, SyntaxError, *_BOMBS) as exc:
        raise BadValueError("this image cannot be read: make it anew and send it again") from exc
    if width * height > PIXELS_MAX:
        raise BadValueError("this image is too large: scan it at 300 dots an inch")
    if media_type is MediaType.JPEG and not content.rstrip(b"\x00").endswith(_JPEG_END):
        raise BadValueError("this image is cut off: send the whole of it")


_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_JPEG_END = b"\xff\xd9"

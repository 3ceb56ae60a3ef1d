import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.modules.server.files.rules import MAX_NAME, SNIFF, disposition, names_tag, safe_name, sniffed_type


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("отчёт.pdf", "отчёт.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\план.docx", "план.docx"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b\r\nc\x7f.txt", "ab c.txt"),
        ("", "file"),
        ("...", "file"),
        ("/", "file"),
        (".htaccess", "htaccess"),
        ("name. . ", "name"),
        ('a<b>c:"d|e?f*.txt', "a_b_c__d_e_f_.txt"),
        ("CON.txt", "_CON.txt"),
        ("lpt1", "_lpt1"),
        ("console.txt", "console.txt"),
        ("и\u0306.txt", "й.txt"),
        ("\ud800x.txt", "x.txt"),
    ],
)
def test_names_are_made_safe(raw: str, safe: str) -> None:
    assert safe_name(raw) == safe


def test_a_long_name_keeps_its_extension() -> None:
    name = safe_name("я" * 300 + ".docx")
    assert len(name.encode()) <= MAX_NAME
    assert name.endswith("я.docx")
    assert len(safe_name("x." + "y" * 400).encode()) <= MAX_NAME


@given(st.text(max_size=400))
def test_any_name_is_safe_and_stays_as_it_is(raw: str) -> None:
    name = safe_name(raw)
    assert name
    assert len(name.encode()) <= MAX_NAME
    assert not set(name) & set('/\\<>:"|?*\0\n\r')
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "image/png"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 20, "image/jpeg"),
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"<html><script>alert(1)</script>", "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "text/plain"),
        ("просто текст".encode(), "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream"),
        (b"", "application/octet-stream"),
        (("x" + "я" * SNIFF).encode()[:SNIFF], "text/plain"),
    ],
)
def test_the_type_is_told_from_the_content(head: bytes, kind: str) -> None:
    assert sniffed_type(head) == kind


@given(st.binary(max_size=SNIFF))
def test_any_content_has_a_type(head: bytes) -> None:
    assert "/" in sniffed_type(head)


def test_only_harmless_types_are_shown_in_place() -> None:
    assert disposition("a.png", "image/png").startswith("inline;")
    for kind in ("text/html", "image/svg+xml", "application/pdf", "text/plain", "application/octet-stream"):
        assert disposition("a", kind).startswith("attachment;")


def test_a_disposition_holds_any_name() -> None:
    value = disposition('кот "1"; 100%.png', "image/png")
    assert value.isascii()
    assert value == (
        "inline; filename=\"___ _1_; 100_.png\"; filename*=UTF-8''%D0%BA%D0%BE%D1%82%20%221%22%3B%20100%25.png"
    )


def test_entity_tags() -> None:
    assert names_tag('"a", W/"b"', '"b"')
    assert names_tag("*", '"b"')
    assert not names_tag("", '"b"')
    assert not names_tag('"a"', '"b"')

"""Which files are kept as evidence, and which are refused whatever they are called?"""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest
from docx import Document
from openpyxl import Workbook

from banggiao.core.errors import Unreadable
from banggiao.reading.intake.vetting import KINDS, MAX_KEPT_BYTES, label_of, vet

OFFICE = "application/vnd.openxmlformats-officedocument."
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0:~\x9bU"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0" + bytes(40)
MAIL = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: Bien ban\r\nDate: Mon, 1 Sep 2025 08:00:00 +0700\r\n"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS" + b"-TEST-FILE!$H+H*"


def pdf(catalogue: bytes = b"", more: bytes = b"") -> bytes:
    """A PDF of one empty page; `catalogue` goes into its catalogue, `more` are further objects."""
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R" + catalogue + b">>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>\nendobj\n" + more + b"trailer\n<</Root 1 0 R>>\n%%EOF\n"
    )


def packed(objects: bytes, *, raw: bytes | None = None) -> bytes:
    body = zlib.compress(objects) if raw is None else raw
    return (
        b"9 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(body)
        + body
        + b"\nendstream\nendobj\n"
    )


def package(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return made.getvalue()


def types(kind: str) -> bytes:
    return f'<Types><Override PartName="/x" ContentType="{OFFICE}{kind}.main+xml"/></Types>'.encode()


def link(kind: str) -> bytes:
    return f'<Relationships><Relationship Type="x/{kind}" TargetMode="External"/></Relationships>'.encode()


def docx(more: dict[str, bytes] | None = None) -> bytes:
    made = io.BytesIO()
    Document().save(made)
    with zipfile.ZipFile(made, "a") as out:
        for name, data in (more or {}).items():
            out.writestr(name, data)
    return made.getvalue()


def xlsx() -> bytes:
    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


def odf(kind: str, more: dict[str, bytes] | None = None) -> bytes:
    return package({"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), "content.xml": b"<a/>", **(more or {})})


def mail(name: str, data: bytes) -> bytes:
    import base64

    return (
        MAIL + b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nKinh gui\r\n"
        b'--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="'
        + name.encode()
        + b'"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + base64.b64encode(data)
        + b"\r\n--b--\r\n"
    )


KEPT = {
    "a.pdf": pdf(),
    "b.pdf": pdf(more=packed(b"4 0 <</Type/Page>>")),
    "a.docx": docx(),
    "a.xlsx": xlsx(),
    "a.pptx": package({"[Content_Types].xml": types("presentationml.presentation"), "ppt/presentation.xml": b"<p/>"}),
    "a.odt": odf("text"),
    "a.ods": odf("spreadsheet"),
    "a.png": PNG,
    "a.jpg": JPEG,
    "a.JPEG": JPEG,
    "a.tif": b"II*\0\x08\0\0\0" + bytes(40),
    "a.txt": "Biên bản họp ngày 1/9.".encode(),
    "b.txt": "BM là bên mua".encode(),
    "utf16.txt": "Biên bản".encode("utf-16"),
    "a.csv": "Tỉnh,Số\nHà Nội,-5\n".encode(),
    "a.eml": MAIL + b"\r\nKinh gui",
    "b.eml": mail("bien-ban.pdf", pdf()),
    "book-in.docx": docx({"word/embeddings/so.xlsx": xlsx()}),
    "link.docx": docx({"word/_rels/x.rels": link("hyperlink")}),
    "list.csv": "Việc,Kết quả\n- Đã xong,+84 24 3\n".encode(),
    "fields.docx": docx({"word/more.xml": b"<a><fldChar/><instrText>HYPERLINK x/DDE</instrText><fldSimple instr='PAGE'/></a>"}),
}

REFUSED = {
    "exe.pdf": b"MZ\x90\0" + bytes(100),
    "elf.png": b"\x7fELF" + bytes(100),
    "script.txt": b"#!/bin/sh\nrm -rf /",
    "run.exe": b"MZ",
    "page.txt": b"<html><script>alert(1)</script></html>",
    "php.txt": b"a\n<?php system(1); ?>",
    "empty.pdf": b"",
    "shown.html": b"<p>a</p>",
    "old.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "eicar.txt": EICAR,
    "eicar.docx": docx({"word/a.txt": EICAR}),
    "half.docx": docx()[:900],
    "plain.docx": package({"a.txt": b"x"}),
    "macro.docx": package(
        {"[Content_Types].xml": types("wordprocessingml.document") + b"vbaProject", "word/document.xml": b"<a/>"}
    ),
    "vba.docx": docx({"word/vbaProject.bin": b"x"}),
    "ole.docx": docx({"word/embeddings/o1.bin": b"x"}),
    "exe-in.docx": docx({"word/media/a.png": b"MZ\x90\0" + bytes(100)}),
    "basic.odt": odf("text", {"Basic/Standard/a.xml": b"<a/>"}),
    "locked.odt": odf("text", {"META-INF/manifest.xml": b"<m><encryption-data/></m>"}),
    "out.docx": docx({"../../evil.xml": b"<a/>"}),
    "template.docx": docx({"word/_rels/s.rels": link("attachedTemplate")}),
    "entities.docx": docx({"word/more.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
    "picture.docx": docx({"word/_rels/s.rels": link("image")}),
    "taken-in.docx": docx({"word/afchunk.rtf": b"{\\rtf1}"}),
    "many.docx": docx({f"word/embeddings/{n}.docx": docx({"word/big.xml": b" " * 9_000_000}) for n in range(25)}),
    "deep.eml": MAIL + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
    "bomb.docx": docx({"word/big.xml": b"0" * 60_000_000}),
    "nested.docx": docx({"word/embeddings/a.docx": package({"evil.zip": b"x"})}),
    "js.pdf": pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
    "js2.pdf": pdf(b"/OpenAction<</S/J#61va#53cript/JS(1)>>"),
    "launch.pdf": pdf(b"/OpenAction<</S/Launch/F(cmd.exe)>>"),
    "files.pdf": pdf(b"/Names<</EmbeddedFiles 5 0 R>>"),
    "packed.pdf": pdf(more=packed(b"4 0 <</S/JavaScript/JS(1)>>")),
    "odd.pdf": pdf(more=packed(b"", raw=b"8'9!zz~>")),
    "twice.pdf": pdf(more=packed(b"", raw=zlib.compress(zlib.compress(b"4 0 <</S/JavaScript>>")))),
    "locked.pdf": pdf(more=b"trailer\n<</Encrypt 7 0 R>>\n"),
    "broken.pdf": b"%PDF-1.7\nnothing",
    "late.pdf": b"\0\0\0\0" + pdf(),
    "formula.csv": b"a,b\n=cmd|' /C calc'!A0,1\n",
    "plus.csv": b"a,b\n+cmd|' /C calc'!A0,1\n",
    "return.csv": b"a,b\r=1+1,2\r",
    "exe.eml": mail("a.exe", b"MZ\x90\0" + bytes(50)),
    "no-mail.eml": b"only words",
    "doc.eml": mail("a.docx", docx({"word/vbaProject.bin": b"x"})),
    "zip.zip": package({"a.txt": b"x"}),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept(name: str) -> None:
    found = vet(KEPT[name], name)
    extensions, media = KINDS[found.kind]
    assert (found.name, found.media_type) == (name, media)
    assert name.rsplit(".", 1)[1].lower() in extensions


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    with pytest.raises(Unreadable) as raised:
        vet(REFUSED[name], name)
    assert raised.value.remedy and raised.value.subject == name


@pytest.mark.parametrize(
    "part",
    [
        b"<a><instrText> DDEAUTO c:/cmd</instrText></a>",
        b"<a><instrText>D</instrText><instrText>DE c:/cmd</instrText></a>",
        b"<a><instrText>D&#68;E c:/cmd</instrText></a>",
        b"<a><fldSimple instr='dde c:/cmd'/></a>",
        "<a><instrText>DDE c:/cmd</instrText></a>".encode("utf-16"),
        b"<a xmlns:x='y'><x:ddeLink/></a>",
    ],
)
def test_a_call_of_a_program_is_found_however_it_is_written(part: bytes) -> None:
    with pytest.raises(Unreadable) as raised:
        vet(docx({"word/more.xml": part}), "a.docx")
    assert "DDE" in str(raised.value.params["what"])


def test_many_streams_of_a_pdf_are_not_each_the_whole_file(monkeypatch: pytest.MonkeyPatch) -> None:
    fed: list[int] = []
    whole = zlib.decompressobj

    class Counting:
        def __init__(self) -> None:
            self.inner = whole()

        def __getattr__(self, name: str) -> object:
            return getattr(self.inner, name)

        def decompress(self, data: bytes, most: int) -> bytes:
            fed.append(len(data))
            return self.inner.decompress(data, most)

    monkeypatch.setattr("banggiao.reading.intake.vetting.zlib.decompressobj", Counting)
    data = pdf(more=packed(b"4 0 <</Type/Page>>") * 500)
    assert vet(data, "a.pdf").kind == "PDF"
    assert len(fed) >= 500 and sum(fed) <= 500 * 1024


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (PNG, "a.pdf"),
        (pdf(), "a.png"),
        (docx(), "a.xlsx"),
        (xlsx(), "a.docx"),
        (JPEG, "a.png"),
        (b"Bien ban", "a.pdf"),
        (pdf(), "a.txt"),
        (odf("text"), "a.ods"),
        (b"\x1f\x8b\x08" + bytes(30), "a.txt"),
    ],
)
def test_a_wrong_label_names_both(data: bytes, name: str) -> None:
    with pytest.raises(Unreadable, match=name[2:].upper()) as raised:
        vet(data, name)
    assert raised.value.params["claimed"] == name[2:].upper() != raised.value.params["found"]


def test_the_bound_of_size() -> None:
    body = b"a" * MAX_KEPT_BYTES
    assert vet(body, "a.txt").kind == "TXT"
    with pytest.raises(Unreadable, match="25 MB"):
        vet(body + b"a", "a.txt")


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\A\\bien ban.pdf", "bien ban.pdf"),
        ("a\0b\n.pdf", "a b .pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("Biên bản.pdf", "Biên bản.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("...", "tep"),
    ],
)
def test_a_name_is_only_a_label(name: str, label: str) -> None:
    assert label_of(name) == label

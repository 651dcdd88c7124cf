"""Does every file that cannot be read get an error naming it, in Vietnamese, with a remedy?"""

from __future__ import annotations

import io
import os
import struct
import unicodedata
import zipfile
from pathlib import Path

import pytest

from banggiao.core.errors import Unreadable
from banggiao.reading.intake import limits, open_bytes, open_path


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in names:
            package.writestr(name, b"<x/>")
    return out.getvalue()


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + (stream + "\0").encode("utf-16-le") + bytes(512)


REFUSED = {
    "rong.txt": (b"", "không có nội dung"),
    "trang.txt": (" \n\t\u00a0\n".encode(), "không có nội dung"),
    "chi-bom.txt": (b"\xef\xbb\xbf", "không có nội dung"),
    "nul.txt": (b"abc\0def " * 50, "không phải là văn bản"),
    "nhi-phan.txt": (bytes(range(1, 256)) * 40, "không phải là văn bản"),
    "utf16-nul.txt": ("abc\0def".encode("utf-16"), "không phải là văn bản"),
    "cu.doc": (ole("WordDocument"), "DOC cũ"),
    "khoa.docx": (ole("EncryptedPackage"), "mật khẩu"),
    "cu.xls": (ole("Workbook"), "bảng tính"),
    "cu.ppt": (ole("PowerPoint Document"), "trình chiếu"),
    "cu.msg": (ole("khac"), "Office cũ"),
    "bang.xlsx": (zipped("[Content_Types].xml", "xl/workbook.xml"), "bảng tính"),
    "bang.docx": (zipped("[Content_Types].xml", "xl/workbook.xml"), "bảng tính"),
    "chieu.pptx": (zipped("[Content_Types].xml", "ppt/presentation.xml"), "trình chiếu"),
    "mo.odt": (zipped("mimetype", "content.xml"), "OpenDocument"),
    "nen.zip": (zipped("a.txt"), "tệp nén"),
    "nen.gz": (b"\x1f\x8b\x08\0" + bytes(20), "tệp nén"),
    "hong.docx": (b"PK\x03\x04" + b"x" * 100, "hỏng"),
    "anh.png": (b"\x89PNG\r\n\x1a\n" + bytes(20), "hình ảnh"),
    "anh.txt": (b"\xff\xd8\xff\xe0" + bytes(20), "hình ảnh"),
    "anh.bmp": (b"BM" + struct.pack("<IHHI", 70, 0, 0, 54) + bytes(50), "hình ảnh"),
    "anh.webp": (b"RIFF\0\0\0\0WEBPVP8 ", "hình ảnh"),
    "phim.mp4": (b"\0\0\0\x18ftypmp42" + bytes(20), "không phải là văn bản"),
    "cu.rtf": (b"{\\rtf1\\ansi abc}", "RTF"),
    "du-lieu.xml": (b"<?xml version='1.0'?><rows><row>1</row></rows>", "XML"),
    "trang.mht": (b"From: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a\r\n\r\n--a", "lưu gộp"),
    "hong.pdf": (b"%PDF-1.7\nkhong phai", "hỏng"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_its_name_and_a_remedy(name: str) -> None:
    data, said = REFUSED[name]
    with pytest.raises(Unreadable, match=said) as caught:
        open_bytes(data, name)
    problem = caught.value
    assert problem.subject == name
    assert problem.message.endswith(".") and problem.remedy.endswith(".")
    assert str(problem).startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.pdf", b"Ba dong chu.", "text/plain"),
        ("a.docx", b"<!DOCTYPE html><html><body><p>Mot doan.</p></body></html>", "text/html"),
        ("a.txt", b"  <!-- x -->\n<html><body><p>Mot doan.</p></body></html>", "text/html"),
        ("a.doc", b"<html><body><p>Mot doan.</p></body></html>", "text/html"),
        ("a.html", b"Chi la chu, 3 < 5.", "text/plain"),
    ],
)
def test_mislabelled_files_are_read_as_what_they_are(name: str, data: bytes, media_type: str) -> None:
    opened = open_bytes(data, name)
    assert opened.media_type == media_type
    assert "mislabelled" in opened.repairs


@pytest.mark.parametrize("name", ["a.txt", "a", "a.md", "A.TXT"])
def test_an_extension_that_claims_nothing_else_is_no_wrong_label(name: str) -> None:
    assert open_bytes(b"The <p> tag opens a paragraph.", name).repairs == ()


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\bao cao.txt", "bao cao.txt"),
        ("a/b/", "b"),
        ("..", "khong-ten"),
        ("", "khong-ten"),
        ("x\r\nSet-Cookie: y\x1b[31m\u202etxt.exe", "xSet-Cookie: y[31mtxt.exe"),
        ("te\udcff.txt", "te.txt"),
        (unicodedata.normalize("NFD", "báo cáo.txt"), "báo cáo.txt"),
        ("d" * 500 + ".txt", "d" * 196 + ".txt"),
    ],
)
def test_only_a_clean_base_name_is_kept(name: str, source: str) -> None:
    assert open_bytes(b"abc", name).source == source
    with pytest.raises(Unreadable) as caught:
        open_bytes(b"", name)
    assert caught.value.subject == source


def test_size_is_checked_before_reading(tmp_path: Path) -> None:
    huge = tmp_path / "lon.txt"
    with huge.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(Unreadable, match="200 MB, vượt giới hạn 100 MB") as caught:
        open_path(huge)
    assert caught.value.subject == "lon.txt"


def test_too_many_bytes_and_too_long_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unreadable, match="dài hơn 20 triệu ký tự"):
        open_bytes(b"a " * (limits.MAX_TEXT_CHARACTERS // 2 + 1), "dai.txt")
    with pytest.raises(Unreadable, match="dài hơn 20 triệu ký tự"):
        open_bytes(b"<p>" + b"a " * (limits.MAX_HTML_CHARACTERS // 2), "dai.html")
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 1_000_000)
    with pytest.raises(Unreadable, match="2 MB, vượt giới hạn 1 MB"):
        open_bytes(b"a" * 1_000_001, "to.txt")


def test_paths_that_are_no_readable_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ong.txt")
    (tmp_path / "vong").symlink_to(tmp_path / "vong")
    for name, said in (("thieu.txt", "Không tìm thấy"), ("", "thư mục"), ("ong.txt", "tệp thông thường"), ("vong", "từ ổ đĩa")):
        with pytest.raises(Unreadable, match=said) as caught:
            open_path(tmp_path / name)
        assert caught.value.subject == (name or tmp_path.name) and caught.value.remedy


def test_refusal_of_permission_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    path = tmp_path / "kin.txt"
    path.write_text("abc")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(Unreadable, match="Không có quyền đọc") as caught:
        open_path(path)
    assert caught.value.subject == "kin.txt"


def test_a_path_is_read_as_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "ghi chú.txt"
    path.write_bytes("Hội đàm.\r\n".encode())
    assert open_path(path) == open_bytes("Hội đàm.\r\n".encode(), "ghi chú.txt")


def test_marks_piled_without_end_are_refused_before_they_are_sorted() -> None:
    with pytest.raises(Unreadable, match="dấu phụ"):
        open_bytes(("a" + "\u0301\u0323" * 1_000_000).encode(), "dau.txt")

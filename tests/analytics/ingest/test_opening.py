"""Files of others: archives that burst, lead elsewhere or are broken, and files that are no tables."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from banggiao.analytics.ingest import opening
from banggiao.analytics.ingest.running import CalledOff, Run
from banggiao.analytics.store import Store, StoreFull
from banggiao.core.errors import InvalidInput, Unreadable
from tests.factories.trade_files import HEADER, ROWS, baci, taken

TABLE = "\n".join([HEADER, *ROWS]).encode()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "markets")


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_member_never_chooses_where_it_lands(store: Store, tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "BACI_HS22.zip", {"../../../escaped_Y2022.csv": TABLE, "/abs.csv": TABLE.replace(b"2022,", b"2021,")}
    )
    before = {each for each in tmp_path.parent.rglob("*") if not each.is_relative_to(store.root)}
    assert taken(store, path).release.years == (2021, 2022)
    assert {each for each in tmp_path.parent.rglob("*") if not each.is_relative_to(store.root)} == before


@pytest.mark.parametrize("kind", ["zip", "gz"])
def test_what_bursts_is_refused(store: Store, tmp_path: Path, kind: str) -> None:
    bomb = b"0" * (100 << 20)
    path = tmp_path / f"BACI_HS22.{kind}"
    if kind == "zip":
        zipped(path, {"a.csv": bomb})
    else:
        path.write_bytes(gzip.compress(bomb))
    with pytest.raises(Unreadable) as told:
        taken(store, path)
    assert told.value.subject.startswith(f"BACI_HS22.{kind}") and store.releases() == []


def test_sizes_that_an_archive_tells_are_not_believed(store: Store, tmp_path: Path) -> None:
    content = bytearray(zipped(tmp_path / "a.zip", {"a.csv": TABLE}).read_bytes())
    # The size in the central directory says one byte.
    place = content.rindex(b"PK\x01\x02") + 24
    content[place : place + 4] = (1).to_bytes(4, "little")
    (tmp_path / "BACI_HS22.zip").write_bytes(content)
    with pytest.raises((Unreadable, InvalidInput)):
        taken(store, tmp_path / "BACI_HS22.zip")
    assert store.releases() == []


@pytest.mark.parametrize("cut", [20, 60, 120])
def test_a_cut_archive_is_told(store: Store, tmp_path: Path, cut: int) -> None:
    packed = gzip.compress(b"\n".join([HEADER.encode()] + [b"2022,704,842,%06d,%d,1" % (n, n * n) for n in range(10100, 19000)]))
    path = tmp_path / "BACI_HS22.csv.gz"
    path.write_bytes(packed[:-cut])
    with pytest.raises(Unreadable):
        taken(store, path)
    whole = zipped(tmp_path / "x.zip", {"a.csv": TABLE}).read_bytes()
    (tmp_path / "BACI_HS22.zip").write_bytes(whole[:-cut])
    with pytest.raises(Unreadable):
        taken(store, tmp_path / "BACI_HS22.zip")


def test_a_flipped_bit_is_found(store: Store, tmp_path: Path) -> None:
    content = bytearray(zipped(tmp_path / "a.zip", {"a.csv": TABLE}).read_bytes())
    content[60] ^= 0xFF
    (tmp_path / "BACI_HS22.zip").write_bytes(content)
    with pytest.raises(Unreadable):
        taken(store, tmp_path / "BACI_HS22.zip")


def test_workbooks_archives_of_nothing_and_secrets_are_told(store: Store, tmp_path: Path) -> None:
    excel = zipped(tmp_path / "a.xlsx", {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})
    none = zipped(tmp_path / "b.zip", {"picture.png": b"x"})
    many = zipped(tmp_path / "c.zip", {f"{n}.csv": b"x" for n in range(opening.MOST_MEMBERS + 1)})
    secret = bytearray(zipped(tmp_path / "d.zip", {"a.csv": TABLE}).read_bytes())
    secret[6] |= 1
    secret[secret.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "d.zip").write_bytes(secret)
    said = set()
    for path in (excel, none, many, tmp_path / "d.zip"):
        with pytest.raises(Unreadable) as told:
            taken(store, path)
        said.add(told.value.message)
    assert len(said) == 4


@pytest.mark.parametrize(
    "content", [b"", b"   \n \n", b"PAR1\x00\x00\x15", bytes(range(256)) * 8, b"<html><body>Sign in</body></html>"]
)
def test_files_that_are_no_tables(store: Store, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "BACI_HS22_Y2022.csv"
    path.write_bytes(content)
    with pytest.raises((Unreadable, InvalidInput)) as told:
        taken(store, path)
    assert told.value.subject == path.name and store.releases() == []


def test_no_room_for_what_is_unpacked(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "BACI_HS22.zip", {"a_Y2022.csv": TABLE})
    real = opening.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(opening.shutil, "disk_usage", lambda _: real._replace(free=1 << 20))
    with pytest.raises(StoreFull):
        taken(store, path)
    assert store.releases() == [] and not list(store.root.rglob(".incoming-*"))


def test_no_room_for_the_release_is_told_before_anything_is_read(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = opening.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(opening.shutil, "disk_usage", lambda _: real._replace(free=10))
    with pytest.raises(StoreFull):
        taken(store, baci(tmp_path))


def test_unpacking_can_be_called_off(tmp_path: Path) -> None:
    stream = io.BytesIO(b"1,2,3\n" * (30 << 20))
    with pytest.raises(CalledOff):
        opening._unpacked(stream, "a", 1 << 30, tmp_path / "s", Run(None, lambda: True))

"""Do the commands do their work, say what is wrong, and return exit codes that scripts can rely on?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT / "src" / "banggiao" / "data" / "samples" / "texts"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of its own, empty at first: every command prepares it."""
    return tmp_path_factory.mktemp("data")


def run(folder: Path, *arguments: str, language: str = "vi", **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a user calls it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("BANGGIAO_")}
    path = os.pathsep.join([str(ROOT / "src"), kept.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "banggiao", *arguments], capture_output=True, text=True, timeout=120,
        env={**kept, "PYTHONPATH": path, "BANGGIAO_DATA": str(folder), "BANGGIAO_LANG": language, **environment},
    )  # fmt: skip


def test_an_empty_folder_is_prepared_and_holds_no_exercise(folder: Path) -> None:
    found = run(folder, "doctor", "--json")
    assert found.returncode == 0, found.stderr
    told = {row["what"]: row for row in json.loads(found.stdout)}
    assert told["exercise"]["value"] == "no" and told["secrecy level"]["value"] == "internal"
    assert (folder / "secret.key").stat().st_mode & 0o077 == 0


def test_reading_prints_the_fact_contract(folder: Path) -> None:
    found = run(folder, "read", str(TEXTS / "01-tong-ket-nhiem-ky-ban-tin.txt"), "--json")
    [document] = json.loads(found.stdout)["documents"]
    assert found.returncode == 0 and document["source"] == "01-tong-ket-nhiem-ky-ban-tin.txt"
    assert {"kind", "span", "evidence", "value", "confidence", "rule", "inferred"} == set(document["facts"][0])


def test_one_bad_file_is_named_and_the_others_go_on(folder: Path, tmp_path: Path) -> None:
    empty, locked = tmp_path / "rong.txt", tmp_path / "giả.docx"
    empty.write_bytes(b"")
    locked.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    found = run(folder, "read", str(empty), str(TEXTS / "07-xuat-nhap-khau-nam-2025.txt"), str(locked), "--jsonl")
    assert found.returncode == 1
    assert [json.loads(line)["source"] for line in found.stdout.splitlines()] == ["07-xuat-nhap-khau-nam-2025.txt"]
    assert "rong.txt:" in found.stderr and "giả.docx:" in found.stderr


def test_into_the_register_and_out_as_a_report(folder: Path, tmp_path: Path) -> None:
    files = [str(TEXTS / name) for name in ("01-tong-ket-nhiem-ky-ban-tin.txt", "02-tong-ket-nhiem-ky-dia-phuong.txt")]
    first = run(folder, "read", *files, "--into-register", "--accept-above", "0.7", "--classification", "public")
    assert first.returncode == 0, first.stderr
    again = run(folder, "read", *files, "--into-register", "--accept-above", "0.7")
    assert again.stdout.count("đã có trong sổ") == 2
    listed = json.loads(run(folder, "documents", "list", "--json").stdout)
    assert listed["total"] == 2
    out = {form: tmp_path / f"bao-cao.{form}" for form in ("docx", "pdf", "json")}
    made = run(folder, "review", "2025", *(part for form, path in out.items() for part in (f"--{form}", str(path))))
    assert made.returncode == 0, made.stderr
    assert out["pdf"].read_bytes().startswith(b"%PDF") and out["docx"].read_bytes().startswith(b"PK")
    assert json.loads(out["json"].read_text())["draft"] is True
    assert not list(tmp_path.glob("*.part"))


def test_lists_search_export_and_audit(folder: Path, tmp_path: Path) -> None:
    listed = json.loads(run(folder, "activities", "list", "--period", "2025-H1", "--size", "2", "--json").stdout)
    assert len(listed["rows"]) == 2 and listed["total"] > 2 and listed["next"]
    following = json.loads(
        run(folder, "activities", "list", "--period", "2025-H1", "--size", "2", "--cursor", listed["next"], "--json").stdout
    )
    assert {r["id"] for r in following["rows"]}.isdisjoint(r["id"] for r in listed["rows"])
    hits = json.loads(run(folder, "search", "binh", "duong", "--json").stdout)
    assert hits[0]["title_vi"] == "Thành phố Hồ Chí Minh"
    shown = run(folder, "directives", "show", "NQ57-2024", language="en")
    assert "57-NQ/TW" in shown.stdout
    told = json.loads(run(folder, "directives", "show", "NQ57-2024", "--json").stdout)
    assert told["number"] == "57-NQ/TW" and told["version"] == 1 and told["exercise"] is False
    exported = run(folder, "barriers", "export", str(tmp_path / "rao-can.csv"))
    assert exported.returncode == 0 and (tmp_path / "rao-can.csv").read_text(encoding="utf-8-sig").count("\n") > 20
    assert "0 problems" in run(folder, "audit", "verify").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("activities", "show", "khong-co"), 1, "Không tìm thấy bản ghi"),
        (("activities", "list", "--period", "2025-H9"), 1, "2025-H9"),
        (("activities", "list", "--kind", "khong-co"), 1, "khong-co"),
        (("review", "thang-gieng"), 1, "thang-gieng"),
        (("review", "2025", "--as-of", "hom-qua"), 1, "hom-qua"),
        (("review", "2025", "--json", "/khong-co/x.json"), 1, "/khong-co/x.json"),
        (("--as", "khong-ai", "search", "a"), 1, "khong-ai"),
        (("khong-co-lenh",), 2, "khong-co-lenh"),
        (("read", "x.txt", "--accept-above", "0.5"), 2, "--into-register"),
    ],
)
def test_what_goes_wrong_is_said_with_the_remedy(folder: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    found = run(folder, *arguments)
    assert found.returncode == code, found.stderr
    assert said in found.stderr and "Traceback" not in found.stderr


def test_the_level_is_fixed_at_installation(folder: Path) -> None:
    found = run(folder, "doctor", BANGGIAO_LEVEL="enclave")
    assert found.returncode == 1 and "internal" in found.stderr


def test_real_work_and_exercise_do_not_share_a_folder(folder: Path) -> None:
    found = run(folder, "demo", "--port", "65431")
    assert found.returncode == 1 and "diễn tập" in found.stderr


def test_a_user_acts_with_the_rights_of_their_role(folder: Path, tmp_path: Path) -> None:
    made = run(
        folder,
        "users",
        "add",
        "doanh-nghiep",
        "--name",
        "Doanh nghiệp thử",
        "--role",
        "enterprise",
        "--institution",
        "VCCI",
        "--password",
        "mot-mat-khau-dai-9",
    )
    assert made.returncode == 0, made.stderr
    refused = run(folder, "--as", "doanh-nghiep", "barriers", "export", str(tmp_path / "x.csv"))
    assert refused.returncode == 3 and not (tmp_path / "x.csv").exists()
    total: Any = json.loads(run(folder, "--as", "doanh-nghiep", "barriers", "list", "--json").stdout)["total"]
    assert total > 0


def test_a_meeting_sheet_and_a_map_are_written(folder: Path, tmp_path: Path) -> None:
    sheet, drawing = tmp_path / "tiep-xuc.pdf", tmp_path / "ban-do.svg"
    made = run(folder, "brief", "KOR", "--pdf", str(sheet))
    assert made.returncode == 0 and sheet.read_bytes().startswith(b"%PDF"), made.stderr
    assert "Meeting sheet: Republic of Korea" in run(folder, "brief", "KOR", language="en").stdout
    assert run(folder, "map", "levels", str(drawing)).returncode == 0
    assert "Quần đảo Hoàng Sa (Việt Nam)" in drawing.read_text(encoding="utf-8")
    assert run(folder, "brief", "ZZZ").returncode == 1
    assert run(folder, "map", "levels", str(tmp_path / "x.gif")).returncode == 1


def test_records_are_added_and_tables_imported(folder: Path, tmp_path: Path) -> None:
    typed = ("--text-vi", "Mở đường bay", "--side", "Hai bên", "--partner-id", "han quoc", "--current-due", "quý IV/2025")
    made = run(folder, "commitments", "add", *typed, "--json")
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    shown = json.loads(run(folder, "commitments", "show", told["code"], "--json").stdout)
    assert shown["partner"]["title"]["vi"] == "Hàn Quốc" and shown["current_due"] == "2025-12" and shown["version"] == 1
    wrong = run(folder, "commitments", "add", "--text-vi", "x", "--side", "ai đó", "--partner-id", "Nước Lạ")
    assert wrong.returncode == 1 and "side:" in wrong.stderr and "partner_id:" in wrong.stderr
    table = tmp_path / "cam-ket.csv"
    table.write_text(
        "Nội dung,Bên thực hiện,Nước\nMở đường bay,Hai bên,KOR\nCử chuyên gia,Phía bạn,Nhật Bản\nSai,ai,Nước Lạ\n",
        encoding="utf-8",
    )
    looked = run(folder, "commitments", "import", str(table), "--dry-run", "--json")
    counted = json.loads(looked.stdout)
    assert looked.returncode == 1 and (counted["good"], counted["twin"], counted["wrong"], counted["written"]) == (1, 1, 1, [])
    assert {p["field"] for p in counted["faults"][0]["problems"]} == {"side", "partner_id"} and counted["faults"][0][
        "row"
    ] == 4, "the row of the file"
    whole = run(folder, "commitments", "import", str(table), "--all-or-nothing", "--json")
    assert whole.returncode == 1 and json.loads(whole.stdout)["written"] == []
    done = run(folder, "commitments", "import", str(table))
    assert done.returncode == 1 and "1 dòng đã ghi" in done.stdout and "cam-ket.csv:4:" in done.stderr
    again = json.loads(run(folder, "commitments", "import", str(table), "--json").stdout)
    assert (again["good"], again["twin"], again["same"]) == (0, 1, 1) and again["written"] == []
    looked = json.loads(run(folder, "import", str(table), "--register", "commitments", "--json").stdout)
    assert looked["dry_run"] and looked["counts"]["same"] == 1 and looked["list"] == again["list"]
    joined = run(folder, "import", str(table), "--register", "commitments", "--choose", "2=same", "--confirm", "--json")
    assert json.loads(joined.stdout)["counts"]["twin"] == 0 and json.loads(joined.stdout)["written"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("commitments", "import", "khong-co.xlsx"), 1, "khong-co.xlsx"),
        (("commitments", "add", "--side", "ours"), 2, "--text-vi"),
        (("documents", "add"), 2, "add"),
    ],
)
def test_entry_that_goes_wrong_is_said(folder: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    found = run(folder, *arguments)
    assert found.returncode == code and said in found.stderr and "Traceback" not in found.stderr, found.stderr

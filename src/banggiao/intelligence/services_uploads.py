"""How files come in: kept under a number of their own, read one by one by the jobs, each with its own fate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction

from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.errors import N_, BangGiaoError, InvalidInput, Unreadable
from banggiao.core.folding import is_text, nfc
from banggiao.core.installation import check_level
from banggiao.intelligence.models import Upload, UploadedFile
from banggiao.intelligence.services import read_in
from banggiao.reading.intake.limits import check_file_size

#: More at once are sent in several goes.
MOST_FILES = 500


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it arrives: `name` is what the sender calls it and never a path of ours."""

    name: str
    size: int
    chunks: Iterable[bytes]
    stated: Mapping[str, str] = field(default_factory=dict)


def take_in(*, act: Act, files: Sequence[Incoming], classification: str) -> Upload:
    """Keep the files and put each in line to be read; one bad file stops none of the others.

    Raises NotPermitted, SecrecyRefused, InvalidInput for no file or too many.
    """
    act.viewer.require("documents.read_in")
    check_level(classification, subject="")
    if not 0 < len(files) <= MOST_FILES:
        raise InvalidInput(
            N_("Mỗi lần nạp được từ 1 đến %(most)s tệp; lần này có %(count)s tệp."),
            most=MOST_FILES,
            count=len(files),
            remedy=N_("Hãy chia thành nhiều lần nạp."),
        )
    from banggiao.intelligence.tasks import read_uploaded  # the task calls back into this module

    owner = min(act.viewer.institutions, key=str, default=None)
    common = {"classification": classification, "owner": owner, "exercise": False}
    kept: list[Path] = []
    try:
        with transaction.atomic():
            upload = records.create(Upload, act=act, values={**common, "by": act.viewer.id, "files_count": len(files)})
            for file in files:
                values = {**common, "upload_id": upload.pk, "name": label_of(file.name), "size": file.size}
                try:
                    check_file_size(file.size)
                except Unreadable as error:
                    records.create(UploadedFile, act=act, values={**values, **_refusal(error)})
                    continue
                made = records.create(UploadedFile, act=act, values={**values, "stated": dict(file.stated)})
                kept.append(_keep(made, file.chunks))
                read_uploaded.enqueue(str(made.pk))
    except BaseException:
        for path in kept:
            path.unlink(missing_ok=True)
        raise
    return upload


def read_one(*, act: Act, file: UploadedFile) -> UploadedFile:
    """Read a waiting file into the register and write down what became of it; one that no longer waits is left alone."""
    if file.state != "waiting":
        return file
    path = _place(file)
    values: dict[str, object]
    try:
        document, fresh = read_in(
            act=act,
            data=path.read_bytes(),
            name=file.name,
            classification=file.classification,
            owner=file.owner,
            stated=file.stated,
        )
        values = {"state": "read" if fresh else "duplicate", "document_id": document.pk, "reason": "", "remedy": "", "params": {}}
    except FileNotFoundError:
        values = {
            "state": "refused",
            "reason": N_("Tệp tạm không còn trên máy chủ."),
            "remedy": N_("Hãy nạp lại tệp từ máy của bạn."),
        }
    except BangGiaoError as error:
        values = _refusal(error)
    done = records.revise(file, act=act, values=values, version=file.version, action="read")
    if done.state != "refused":
        path.unlink(missing_ok=True)
    return done


def retry(*, act: Act, upload: Upload) -> int:
    """Put the refused files of an upload in line again; returns how many. Raises NotPermitted."""
    from banggiao.intelligence.tasks import read_uploaded

    act.viewer.require("documents.read_in")
    count = 0
    with transaction.atomic():
        for file in UploadedFile.objects.filter(upload=upload, state="refused").order_by("pk"):
            if _place(file).exists():
                values = {"state": "waiting", "reason": "", "remedy": "", "params": {}}
                records.revise(file, act=act, values=values, version=file.version, action="retry")
                read_uploaded.enqueue(str(file.pk))
                count += 1
    return count


def can_retry(files: Iterable[UploadedFile]) -> bool:
    """Whether any refused file is still kept, so that it can be read again."""
    return any(file.state == "refused" and _place(file).exists() for file in files)


def label_of(name: str) -> str:
    """The name to show for a file: its last part, without what no database stores. It never becomes a path."""
    text = name if is_text(name) else name.replace("\x00", "").encode("utf-8", "ignore").decode()
    return nfc(text.replace("\\", "/").rsplit("/", 1)[-1]).strip()[:255] or "?"


def _refusal(error: BangGiaoError) -> dict[str, object]:
    return {
        "state": "refused",
        "reason": error.message,
        "remedy": error.remedy,
        "params": {n: str(v) for n, v in error.params.items()},
    }


def _place(file: UploadedFile) -> Path:
    return Path(settings.MEDIA_ROOT) / "incoming" / str(file.pk)


def _keep(file: UploadedFile, chunks: Iterable[bytes]) -> Path:
    path = _place(file)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("wb") as out:
        for chunk in chunks:
            out.write(chunk)
    return path

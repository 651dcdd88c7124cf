"""How is the file of a piece of evidence given out: to be saved, never to be run or shown inside a page?"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, NotFound
from banggiao.core.registers import find_record
from banggiao.followup.evidence.files import bytes_of, file_seen
from banggiao.followup.evidence.questions import EVIDENCES


def evidence_file(key: UUID, viewer: Viewer) -> HttpResponse:
    """The bytes as they were handed in.

    Raises NotPermitted, NotFound where the viewer may not know of it or there is none, Unreadable.
    """
    viewer.require(EVIDENCES.permission, subject=EVIDENCES.name)
    proof = find_record(EVIDENCES, str(key), viewer)
    if proof.file_id is None:
        raise NotFound(N_("Không tìm thấy tệp này."), subject=str(key))
    kept = file_seen(proof.file_id, viewer)
    # The type is one of a short list, and the browser is told to take it as it is said and to run nothing in it.
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=kept.name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(bytes_of(kept), content_type=kept.media_type, headers=headers)

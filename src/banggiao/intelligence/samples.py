"""How the packaged sample texts enter the register of a demo: read in, and only the made-up ones accepted."""

from __future__ import annotations

import hashlib
import tomllib
from importlib.resources import files

from django.db import transaction

from banggiao.core.acts import Act
from banggiao.intelligence.services import accept_above, read_in
from banggiao.partners.models import Institution
from banggiao.sources.models import Document

#: Facts of a made-up text at least as certain are accepted in one batch; below, a person decides.
CERTAINTY = 0.8


def read_samples(act: Act) -> int:
    """Read in every sample once, its Word, PDF or web twin where it has one; returns how many documents are new.

    What tells real facts stays proposed, since only a person may accept it; what is made up is accepted in a batch.
    A text and its acceptance are one transaction, and a text already there is left alone, so the call can be repeated.
    """
    folder = files("banggiao").joinpath("data", "samples")
    manifest = tomllib.loads(folder.joinpath("origin.toml").read_text(encoding="utf-8"))["texts"]
    owner = Institution.objects.filter(code="DT-VU-E", exercise=True).values_list("pk", flat=True).first()
    # Every command of a demo comes by here, and reading a file takes much longer than knowing it.
    known = set(Document.objects.values_list("sha256", flat=True))
    new = 0
    for entry in manifest:
        made_up = entry["nature"] == "exercise"
        name = entry.get("twins", [entry["file"]])[0]
        data = folder.joinpath("texts", name).read_bytes()
        if hashlib.sha256(data).hexdigest() in known:
            continue
        with transaction.atomic():
            document, created = read_in(
                act=act,
                data=data,
                name=name,
                classification="internal" if made_up else "public",
                owner=owner if made_up else None,
            )
            if created and made_up:
                accept_above(act=act, document=document, certainty=CERTAINTY)
        new += created
    return new

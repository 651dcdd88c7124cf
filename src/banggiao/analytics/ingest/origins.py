"""Where do data of a source come from, how are they cited, what does their licence allow?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Title, citation, address and licence that a release of the source carries, and what is to be known of its making."""

    title: str
    citation: str
    url: str
    licence: str
    steps: tuple[str, ...] = ()


_EDITION = re.compile(r"V(\d{6}[a-z]?)", re.IGNORECASE)


def origin_of(source: str, revision: str, names: Sequence[str]) -> Origin:
    """The origin of a source's release; the edition is read from the names of its files."""
    editions = sorted({found.group(0).upper() for name in names if (found := _EDITION.search(name))})
    edition = " ".join(editions)
    if source == "baci":
        return Origin(
            " ".join(filter(None, ["CEPII BACI", revision, edition])),
            "Gaulier, G. and Zignago, S. (2010). BACI: International Trade Database at the Product-Level. "
            "The 1994-2007 Version. CEPII Working Paper 2010-23." + (f" Edition {edition}." if edition else ""),
            "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37",
            "Etalab Open Licence 2.0",
            ("reconciled by CEPII from UN Comtrade; values FOB",),
        )
    if source == "wits":
        return Origin(
            " ".join(filter(None, ["UN Comtrade through WITS", revision])),
            "World Bank, World Integrated Trade Solution (WITS), from United Nations Statistics Division, UN Comtrade database.",
            "https://wits.worldbank.org",
            "UN Comtrade terms of use: cite the source; redistribution of bulk data needs the consent of UNSD",
            ("rewritten from WITS columns; imports at CIF, exports at FOB value, as reported",),
        )
    if source == "trademap":
        return Origin(
            " ".join(filter(None, ["ITC Trade Map lists", revision])),
            "International Trade Centre, Trade Map, calculations based on UN Comtrade statistics.",
            "https://www.trademap.org",
            "ITC terms of use: cite the source; no redistribution",
            ("rewritten from lists of single products: no table of all trade",),
        )
    return Origin(
        " ".join(filter(None, ["UN Comtrade", revision])),
        "United Nations Statistics Division, UN Comtrade database.",
        "https://comtradeplus.un.org",
        "UN Comtrade terms of use: cite the source; redistribution of bulk data needs the consent of UNSD",
        ("imports at CIF, exports at FOB value, as reported",),
    )

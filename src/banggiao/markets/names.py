"""What are the countries and products of a release called, in both languages, and which partner is a country?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from banggiao.analytics.products import product_name
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.questions import Bi, Ref
from banggiao.core.vocabulary import vocabulary
from banggiao.markets.store import Chosen
from banggiao.partners.models import Partner


@dataclass(frozen=True, slots=True)
class Country:
    """A country of a release: its code there, its ISO code, its name, and the partner it is, where the register has it."""

    code: int
    iso3: str
    name: Bi
    partner: UUID | None = None

    @property
    def cell(self) -> Ref | Bi:
        """The country as a cell of an answer: leads to the partner's file where there is one."""
        return Ref(self.partner, "partners.partner", self.name) if self.partner else self.name


def countries(chosen: Chosen) -> dict[int, Country]:
    """The countries of the release by their code, named as the register of partners prints them.

    Only public partners lend their name and lead to their file: an answer is made without asking who reads it.
    """
    coded = _coded(str(chosen.store.root), chosen.release.id)
    known = {
        code: (pk, Bi(vi, en))
        for code, pk, vi, en in Partner.objects.filter(
            code__in=[iso3 for _code, iso3, _name in coded], classification="public", retracted=False, exercise=False
        ).values_list("code", "pk", "name_vi", "name_en")
    }
    made = {}
    for code, iso3, name in coded:
        pk, title = known.get(iso3, (None, Bi(name, name)))
        made[code] = Country(code, iso3, title, pk)
    return made


def country_of(named: str, chosen: Chosen, *, field: str) -> Country:
    """The country of the release with this ISO code or number. Raises InvalidInput."""
    found = next((c for c in countries(chosen).values() if named.upper() in (c.iso3, str(c.code))), None)
    if found is None:
        raise InvalidInput(
            N_("Bản phát hành không có nước “%(name)s”."),
            name=named[:40],
            subject=field,
            remedy=N_("Hãy dùng mã ISO ba chữ của một nước có trong bản phát hành."),
            problems=[FieldProblem(field, N_("Giá trị không hợp lệ."))],
        )
    return found


def product_names(codes: Iterable[int], chosen: Chosen) -> dict[int, Bi]:
    """Names of products: our own Vietnamese where the lexicon has one, else the description of the release."""
    described = _described(str(chosen.store.root), chosen.release.id)
    current = chosen.release.revision in ("", "HS22")
    return {code: Bi(*_name_of(code, described.get(code, ""), current)) for code in codes}


def hs(code: int) -> str:
    """A product's code as it is written: six figures, leading zeros kept."""
    return f"{code:06d}"


@lru_cache(maxsize=1)
def _sectors() -> tuple[tuple[str, range], ...]:
    terms = vocabulary("product_sector").terms
    return tuple((t.code, range(int(t.attributes["first"]), int(t.attributes["last"]) + 1)) for t in terms)


def sector_of(code: int) -> str:
    """The sector of a product, a term of `product_sector`, by its chapter."""
    return next((name for name, chapters in _sectors() if code // 10000 in chapters), "other")


@lru_cache(maxsize=8)
def _coded(root: str, release: str) -> tuple[tuple[int, str, str], ...]:
    from banggiao.analytics.store import Store

    store = Store(root)
    table = store.countries(store.release(release)).to_pydict()
    return tuple(zip(table["code"], table["iso3"], table["name"], strict=True))


@lru_cache(maxsize=8)
def _described(root: str, release: str) -> dict[int, str]:
    from banggiao.analytics.store import Store

    store = Store(root)
    table = store.products(store.release(release)).to_pydict()
    return dict(zip(table["product"], table["description"], strict=True))


@lru_cache(maxsize=8192)
def _name_of(code: int, description: str, current: bool) -> tuple[str, str]:
    """Vietnamese and English name: ours of the subheading or of its heading, then the description that sets it apart.

    The description of the release comes first, and our names of subheadings only where it is of HS 2022 (`current`): a code may
    mean other goods in another revision. Our words in brackets are left out, for those that follow stand in brackets.
    """
    text = hs(code)
    english = description or product_name(text, "en").text
    own = product_name(text, "vi")
    if not (current and own.own_translation):
        own = product_name(text[:4], "vi")
    if not own.own_translation:
        return english, english
    return f"{own.text.partition(' (')[0]} ({english})", english

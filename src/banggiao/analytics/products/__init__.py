"""Goods by code and by word: what a code of the Harmonized System means, and which codes a word of the trade may mean."""

from banggiao.analytics.products.names import (
    Product,
    ProductName,
    children,
    descriptions,
    is_code,
    product,
    product_name,
    section_of,
)
from banggiao.analytics.products.search import Match, Why, ambiguous, everyday_codes, find_products

__all__ = [
    "Match",
    "Product",
    "ProductName",
    "Why",
    "ambiguous",
    "children",
    "descriptions",
    "everyday_codes",
    "find_products",
    "is_code",
    "product",
    "product_name",
    "section_of",
]

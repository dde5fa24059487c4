"""Addresses of our pages. A page of staff names forty of them, and each costs a search among all
the patterns of all rooms."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, reverse


def address(name: str, *args: object) -> str:
    """`reverse`, remembered: its answer depends on nothing but what it is asked."""
    return _found(settings.ROOT_URLCONF, get_script_prefix(), name, args)


@lru_cache(maxsize=4096)
def _found(urlconf: str, prefix: str, name: str, args: tuple[object, ...]) -> str:
    return reverse(name, args=args)

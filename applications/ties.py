"""What ties an application to people outside it: the addresses in it, and their domains.

A person whose own address gives one of the same ties works for the same institution, or is
named in the application: they have a conflict of interest. Plain strings, no queries.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

ADDRESS = re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+")
# Anybody may have an address there, so that it says nothing about where a person works.
PUBLIC_MAIL = frozenset(
    [
        *("aim.com", "aol.com", "att.net", "bellsouth.net", "charter.net", "comcast.net"),
        *("cox.net", "earthlink.net", "fastmail.com", "gmail.com", "gmx.com", "gmx.net"),
        *("googlemail.com", "hey.com", "hotmail.com", "icloud.com", "juno.com", "live.com"),
        *("mac.com", "mail.com", "me.com", "msn.com", "netzero.net", "optonline.net"),
        *("outlook.com", "pm.me", "proton.me", "protonmail.com", "rocketmail.com"),
        *("sbcglobal.net", "spectrum.net", "verizon.net", "yahoo.com", "yahoo.es"),
        *("ymail.com", "zoho.com"),
    ]
)


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].strip().lower()


def ties_of(addresses: Iterable[str], *, said_nothing: str = "") -> list[str]:
    """Each address, its domain and the domains above that one, but for those that say nothing:
    public mail, and the host's own, where all its staff have theirs."""
    found = set()
    for address in (one.strip().lower() for one in addresses):
        if address:
            found.add(address)
            found.update(_domains(domain_of(address)))
    return sorted(found - PUBLIC_MAIL - ({said_nothing} if said_nothing else set()))


def _domains(domain: str) -> Iterable[str]:
    """med.riverbend.org and riverbend.org; of health.state.il.us not il.us, where a whole
    state has its addresses."""
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        rest = labels[start:]
        if start == 0 or len(rest) > 2 or len(rest[-1]) > 2:
            yield ".".join(rest)


def addresses_in(answers: Any) -> list[str]:
    """All email addresses that stand anywhere in the answers, also within a sentence."""
    return ADDRESS.findall(json.dumps(answers, ensure_ascii=False))

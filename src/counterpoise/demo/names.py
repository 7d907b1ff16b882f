"""Made-up names of people and firms."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.arrays import Ints

FIRST = (
    "Ada Amir Anja Ben Bea Carlos Chloe Dana Dario Elif Emil Esther Farid Fiona Goran Grace Hana "
    "Hugo Ines Ivo Jana Joel Kaja Kenji Lea Liam Lucia Mara Milan Mina Nadia Nils Noor Olga Omar "
    "Otto Petra Pia Quinn Rafael Rana Rosa Samir Selma Sven Tara Theo Tomas Uma Vera Viktor Wanda "
    "Willem Xenia Yara Yusuf Zora Zeno"
).split()
LAST = (
    "Abara Almqvist Arden Baptiste Bellweather Birk Calloway Castellan Cho Dahl Dvorak Eastham "
    "Engel Fairbairn Farkas Ferro Galloway Grünwald Haddad Halloran Hjort Ibarra Imhof Jansen "
    "Jovanovic Kaplan Kessler Kovac Lang Lindqvist Lombardi Mahler Marchetti Mendes Moreau Nakano "
    "Novak Oduya Okafor Olsen Ortega Pardo Petrov Quist Rahimi Renner Rossi Sandoval Sato Schuler "
    "Serrano Silva Sorel Tanaka Thorne Tuomi Ulrich Varga Vasquez Verhoeven Weiss Whitlock Xu "
    "Yilmaz Zeller Zhou Zubiri"
).split()
_FRONT = (
    "Alder Amber Ash Beacon Birch Black Blue Bright Brook Cedar Clear Cliff Copper Crane Crown "
    "Dale East Elm Ember Fair Falcon Fern Field Flint Fox Glen Gold Granite Green Harbor Haven "
    "Hawk Hazel Heath High Hill Holly Iron Ivy Juniper Kestrel King Lake Lark Laurel Linden Lone "
    "Maple Marsh Mill Moon North Oak Ocean Orchard Pine Quarry Raven Red Ridge River Rock Rose "
    "Rowan Sand Silver Slate South Spring Spruce Steel Stone Sun Swan Thorn Timber Vale West "
    "White Willow Wind Winter Wolf"
).split()
_MIDDLE = (
    "bank bridge brook burn bury cliff dale field ford gate ham haven hurst land ley mark mere "
    "mont moor point port ridge shaw stead stone ton vale ward wick wood worth"
).split()
_BACK = {
    "Manufacturing": ("Castings", "Tooling", "Forge", "Machine Works", "Components"),
    "Medical": ("Diagnostics", "Surgical", "Devices", "Labs", "Health Systems"),
    "Food": ("Foods", "Dairy", "Mills", "Bottling", "Bakeries"),
    "Energy": ("Power", "Energy", "Grid", "Turbines", "Renewables"),
    "Logistics": ("Freight", "Cold Chain", "Warehousing", "Terminals", "Lines"),
    "Construction": ("Builders", "Civil Works", "Structures", "Contracting", "Concrete"),
    "Retail": ("Stores", "Outlets", "Markets", "Trading", "Home"),
    "Education": ("College", "Institute", "Academy", "Trust", "Foundation"),
    "Distribution": ("Supply", "Wholesale", "Distribution", "Depot", "Partners"),
}


def person_names(rng: np.random.Generator, size: int) -> list[str]:
    """Return names, each once: when pairs run out, with a middle initial."""
    pairs = len(FIRST) * len(LAST)
    order = rng.permutation(pairs)
    named = []
    for at in range(size):
        turn, pair = divmod(at, pairs)
        first, last = divmod(int(order[pair]), len(LAST))
        middle = f" {_initials(turn)}." if turn else ""
        named.append(f"{FIRST[first]}{middle} {LAST[last]}")
    return named


def firm_names(rng: np.random.Generator, industries: list[str], codes: Ints) -> list[str]:
    """Return a name for each firm after its industry; a number tells namesakes apart."""
    fronts = rng.integers(0, len(_FRONT), len(codes)).tolist()
    middles = rng.integers(0, len(_MIDDLE), len(codes)).tolist()
    backs = rng.integers(0, 5, len(codes)).tolist()
    seen: dict[str, int] = {}
    named = []
    for front, middle, back, code in zip(fronts, middles, backs, codes.tolist(), strict=True):
        name = f"{_FRONT[front]}{_MIDDLE[middle]} {_BACK[industries[code]][back]}"
        seen[name] = seen.get(name, 0) + 1
        named.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return named


def _initials(number: int) -> str:
    letters = ""
    while number:
        number, at = divmod(number - 1, 26)
        letters = chr(ord("A") + at) + letters
    return letters

"""Which groups are shown: none below the smallest, and none that could be subtracted to one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from counterpoise.web.pulse.scoring import Ballot


@dataclass(frozen=True, order=True)
class Group:
    """A side, or a team of it."""

    side: str
    team: str = ""

    @property
    def key(self) -> str:
        """Return its name in an address.

        >>> Group("sales").key, Group("sales", "North").key
        ('sales', 'sales|North')
        """
        return f"{self.side}|{self.team}" if self.team else self.side

    @classmethod
    def of(cls, key: str) -> Group:
        """Return the group that an address names.

        >>> Group.of("sales|North")
        Group(side='sales', team='North')
        """
        side, _, team = key.partition("|")
        return cls(side, team)


def shown(ballots: Collection[Ballot], smallest: int) -> dict[Group, list[Ballot]]:
    """Return the groups that may be shown, with their ballots.

    Every group that can be had from these by adding and subtracting is empty or has at least
    `smallest` ballots: sides never overlap and are not added up, teams of a side never overlap, and
    what is left of a side without its shown teams is a group like any other.
    """
    found: dict[Group, list[Ballot]] = {}
    for side in sorted({ballot.side for ballot in ballots}):
        own = [ballot for ballot in ballots if ballot.side == side]
        if len(own) >= smallest:
            found[Group(side)] = own
            sizes = Counter(ballot.team for ballot in own if ballot.team)
            for team in teams_shown(sizes, len(own), smallest):
                found[Group(side, team)] = [ballot for ballot in own if ballot.team == team]
    return found


def teams_shown(sizes: Mapping[str, int], whole: int, smallest: int) -> list[str]:
    """Return the teams of a side that may be shown beside it.

    >>> teams_shown({"North": 6, "South": 5}, 11, 5), teams_shown({"North": 6, "South": 3}, 9, 5)
    (['North', 'South'], [])
    """
    large = _by_size((team, n) for team, n in sizes.items() if n >= smallest)
    while large:
        rest = whole - sum(n for _, n in large)
        if rest == 0 or rest >= smallest:
            break
        large.pop()  # the smallest joins what is left, which is then large enough
    return sorted(team for team, _ in large)


def _by_size(teams: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(teams, key=lambda each: (-each[1], each[0]))

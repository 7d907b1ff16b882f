"""Two people judge a lead at the same instant, in processes of their own, on both databases."""

import json
import shutil
from pathlib import Path

import pytest

from counterpoise.books import Workspace
from tests.postgres import Server
from tests.web.desk.test_together import _finish, _new_database, _run, _signal
from tests.web.handoffs.together import ROUNDS

_PREPARE = """
import sys
from counterpoise.books import Workspace
from counterpoise.web.setup import set_up
set_up(Workspace.open(sys.argv[1]))
from django.utils import timezone
from tests.web.handoffs.making import make_people, typed
people = make_people()
for number in range(int(sys.argv[2])):
    typed(people.kira, f"X{number}", "A1", timezone.now())
"""
_LOOK = """
import json, sys
from counterpoise.books import Workspace
from counterpoise.web.setup import set_up
set_up(Workspace.open(sys.argv[1]))
from counterpoise.web.audit.models import Entry
from counterpoise.web.audit.verifying import verify
from counterpoise.web.handoffs.models import Handoff, Happening
judged = Entry.objects.filter(act__in=["lead.accepted", "lead.rejected"])
print(json.dumps({
    "states": list(Handoff.objects.order_by("pk").values_list("state", flat=True)),
    "said": sorted(judged.values_list("subject", flat=True)),
    "verdicts": Happening.objects.filter(kind__in=["accepted", "rejected"]).count(),
    "findings": [found.says for found in verify().findings],
}))
"""

pytestmark = pytest.mark.slow


@pytest.fixture(
    params=[
        pytest.param("sqlite", marks=pytest.mark.thorough),
        pytest.param("postgresql", marks=pytest.mark.postgres),
    ]
)
def leads_room(
    request: pytest.FixtureRequest, root: Path, lead_company: Path, tmp_path: Path
) -> Path:
    """Return a room on one of the databases with leads that wait for a verdict."""
    room = tmp_path / "room"
    shutil.copytree(lead_company, room)
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        address = server.url.rpartition("/")[0] + f"/{_new_database(server)}"
        with Workspace.open(room).settings_file.open("a") as settings:
            settings.write(f'[room]\ndatabase = "{address}"\n')
    _finish(_run(root, "-c", _PREPARE, str(room), str(ROUNDS)))
    return room


def test_one_verdict_stands_and_the_other_is_told(root: Path, leads_room: Path) -> None:
    names = ("rita", "mona")
    met = [_run(root, "-m", "tests.web.handoffs.together", str(leads_room), each) for each in names]
    for turn in range(ROUNDS):
        _signal(leads_room, met, names, turn)
    told = {name: _finish(each).split() for name, each in zip(names, met, strict=True)}
    for turn in range(ROUNDS):
        assert sorted([told["rita"][turn], told["mona"][turn]]) == ["AnsweredError", "done"]
    found = json.loads(_finish(_run(root, "-c", _LOOK, str(leads_room))))
    expected = ["accepted" if each == "done" else "rejected" for each in told["rita"]]
    assert found["states"] == expected
    assert len(found["said"]) == len(set(found["said"])) == found["verdicts"] == ROUNDS
    assert found["findings"] == []

"""Workspaces made by the command itself, each once."""

from pathlib import Path

import pytest

from tests.cli.running import AGREEMENT, done, write_export


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with the small export in it. Read it only."""
    folder = tmp_path_factory.mktemp("cli")
    workspace = folder / "company"
    done("new", workspace)
    (workspace / "agreement.yaml").write_text(AGREEMENT, encoding="utf-8")
    done("-w", workspace, "import", write_export(folder / "export"))
    return workspace


@pytest.fixture(scope="session")
def golden(shared: Path) -> Path:
    """Return the folder of the worked example."""
    return shared / "golden"


@pytest.fixture(scope="session")
def golden_company(golden: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with the worked example in it. Read it only."""
    workspace = tmp_path_factory.mktemp("golden") / "company"
    done("new", workspace)
    agreement = (golden / "agreement.yaml").read_text(encoding="utf-8")
    (workspace / "agreement.yaml").write_text(agreement, encoding="utf-8")
    done("-w", workspace, "import", golden / "export")
    return workspace

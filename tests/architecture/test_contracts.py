"""The import contracts hold on the real tree, and each is broken by a deliberate breach in a copy of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGES, ROOT, files, imports, tree_of, under

LINTER = Path(sys.executable).with_name("lint-imports")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]
NAMES = {contract["id"]: contract["name"] for contract in CONTRACTS}

# Libraries of cryptography that can turn ciphertext into text: a protocol module that uses one is out of the
# server's reach.
OPENERS = tuple(f"cryptography.hazmat.primitives.{part}" for part in ("ciphers", "hpke", "kdf"))

# (contract, files to plant: path and the one import it gets)
BREACHES: list[tuple[str, dict[str, str]]] = [
    ("layers", {"fieldkit/tui/planted.py": "import fieldkit.cli"}),
    ("layers", {"fieldkit/actions/planted.py": "import fieldkit.tui"}),
    ("layers", {"fieldkit/vault/planted.py": "import fieldkit.actions"}),
    ("layers", {"fieldkit/vault/planted.py": "import sync.client"}),
    ("layers", {"fieldkit/export/planted.py": "def late() -> None:\n    import fieldkit.vault"}),
    ("layers", {"sync/client/planted.py": "import fieldkit.vault"}),
    ("layers", {"fieldkit/forms/planted.py": "import fieldkit.export"}),
    ("layers", {"fieldkit/model/planted.py": "import fieldkit.forms"}),
    ("layers", {"fieldkit/model/planted.py": "import sync.protocol"}),
    ("sync-layers", {"sync/client/planted.py": "import sync.server"}),
    ("sync-layers", {"sync/protocol/planted.py": "import sync.client"}),
    ("sync-layers", {"sync/shared/__init__.py": "", "sync/shared/planted.py": ""}),
    ("sync-alone", {"sync/server/planted.py": "import fieldkit.model"}),
    ("server-blind", {"sync/server/planted.py": "import sync.protocol.sealing"}),
    ("server-blind", {"sync/server/planted.py": "import sync.client"}),
    (
        "server-blind",
        {
            "sync/protocol/planted.py": "import sync.protocol.sealing",
            "sync/server/planted.py": "import sync.protocol.planted",
        },
    ),
    ("no-server-on-laptops", {"fieldkit/actions/planted.py": "import sync.server"}),
    ("screens-ask", {"fieldkit/tui/screens/planted.py": "import fieldkit.vault"}),
    ("screens-ask", {"fieldkit/tui/screens/planted.py": "import fieldkit.actions"}),
    ("screens-ask", {"fieldkit/tui/widgets/planted.py": "import sync.protocol"}),
    ("screens-ask", {"fieldkit/tui/widgets/planted.py": "import cryptography"}),
    (
        "screens-ask",
        {
            "fieldkit/tui/planted.py": "import fieldkit.vault",
            "fieldkit/tui/screens/planted.py": "import fieldkit.tui.planted",
        },
    ),
    ("pure", {"fieldkit/model/planted.py": "import time"}),
    ("pure", {"fieldkit/export/planted.py": "import sqlcipher3"}),
    ("pure", {"sync/protocol/planted.py": "import socket"}),
]


def lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the linter on a tree with that tree's own settings."""
    return subprocess.run(
        [str(LINTER), "--no-logo", "--no-cache", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree to plant breaches in."""
    folder = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def planted(copy: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The copy with the breach of one table row in it; gone again afterwards."""
    for name, line in request.param.items():
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text(f"{line}\n", encoding="utf-8")
    yield copy
    for name in request.param:
        (copy / name).unlink()
    shutil.rmtree(copy / "sync" / "shared", ignore_errors=True)


def test_contracts_hold() -> None:
    """The real tree keeps every contract."""
    run = lint(ROOT)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("contract", "planted"),
    BREACHES,
    indirect=["planted"],
    ids=[
        f"{contract}: {'; '.join(f'{k} {v}' for k, v in planted.items())}" for contract, planted in BREACHES
    ],
)
def test_breach_is_caught(contract: str, planted: Path) -> None:
    """One forbidden import breaks exactly the contract that forbids it, by name."""
    run = lint(planted, "--contract", contract)
    assert run.returncode == 1, run.stdout + run.stderr
    assert f"{NAMES[contract]} BROKEN" in run.stdout


def test_every_contract_is_breached() -> None:
    """No contract stands without a proof that it can break."""
    assert set(NAMES) == {contract for contract, _ in BREACHES}


def test_every_package_has_a_layer() -> None:
    """A new package of fieldkit must take its place in the journey."""
    (layers,) = (contract["layers"] for contract in CONTRACTS if contract["id"] == "layers")
    placed = {name.strip() for layer in layers for name in layer.replace(":", "|").split("|")}
    packages = {f"fieldkit.{path.parent.name}" for path in (ROOT / "fieldkit").glob("*/__init__.py")}
    assert packages == {name for name in placed if under(name, "fieldkit")}


def test_every_opening_module_is_out_of_the_servers_reach() -> None:
    """Each protocol module that holds a cipher or derives a key is named by the server's contract."""
    (forbidden,) = (
        contract["forbidden_modules"] for contract in CONTRACTS if contract["id"] == "server-blind"
    )
    opening = {
        ".".join(path.with_suffix("").parts)
        for path in files("sync/protocol")
        if any(under(found.name, opener) for found in imports(tree_of(path)) for opener in OPENERS)
    }
    assert opening, "no protocol module opens frames: this test looks for the wrong libraries"
    assert opening <= set(forbidden)

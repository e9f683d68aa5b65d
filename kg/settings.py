"""Turns the environment into the settings of a command: the one place where PARKG_* variables are read."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kg.errors import SettingInvalid


@dataclass(frozen=True)
class Settings:
    """Where the data stand, where the server listens, what a query may take and give, and whether the store is a plain one.

    store: the address at which another store answers queries; nothing for our own. store_graphs: the one at which it takes
    graphs, with user and password in it if the store wants them; nothing where it is only read.
    """

    data: Path
    host: str
    port: int
    time_limit_s: float
    plain: bool = False
    result_limit_mb: float = 100.0
    store: str = ""
    store_graphs: str = ""

    @property
    def result_limit_bytes(self) -> int:
        """The largest answer, in bytes."""
        return int(self.result_limit_mb * 2**20)


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from the variables PARKG_DATA, _HOST, _PORT, _TIME_LIMIT_S, _RESULT_LIMIT_MB, _PLAIN and _STORE.

    Raises SettingInvalid where a number is none or out of its range, and where an address is none.
    """
    store, store_graphs = _store(environment)
    port = _number(environment, "PARKG_PORT", 8000, 0, 65535)
    return Settings(
        data=Path(environment.get("PARKG_DATA", "").strip() or "var"),
        host=environment.get("PARKG_HOST", "").strip() or "127.0.0.1",
        port=int(port),
        time_limit_s=_number(environment, "PARKG_TIME_LIMIT_S", 10.0, 0.01, 3600),
        plain=environment.get("PARKG_PLAIN", "").strip() == "1",
        result_limit_mb=_number(environment, "PARKG_RESULT_LIMIT_MB", 100.0, 0.01, 1024),
        store=store,
        store_graphs=store_graphs,
    )


def _store(environment: Mapping[str, str]) -> tuple[str, str]:
    text = environment.get("PARKG_STORE", "").strip() or "embedded"
    if text == "embedded":
        return "", ""
    addresses = text.split()
    for number, address in enumerate(addresses, 1):
        try:
            parts = urlsplit(address)
            fault = parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0
        except ValueError:
            fault = True
        if fault or number > 2:
            raise SettingInvalid("PARKG_STORE is embedded, or the address (http or https) at which a store answers queries and, "
                                 f"after a space, the one at which it takes graphs. Word {number} of it will not do.")
    if environment.get("PARKG_PLAIN", "").strip() == "1":
        raise SettingInvalid("PARKG_PLAIN=1 serves a store of our own; take PARKG_STORE away, or PARKG_PLAIN.")
    return addresses[0], addresses[1] if len(addresses) == 2 else ""


def _number(environment: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    text = environment.get(name, "").strip() or f"{default:g}"
    try:
        value = float(text)
    except ValueError:
        value = least - 1
    if isinstance(default, int) and value != int(value):
        value = least - 1
    if not least <= value <= most:
        raise SettingInvalid(f"{name}={text} is not a number from {least:g} to {most:g}.")
    return value


def shipped(folder: str) -> Path:
    """Return the folder ``ontology``, ``queries``, ``data``, ``rules`` or ``checks`` that came with this installation.

    In a checkout ontology/ and queries/ stand beside kg/; a wheel carries them inside it.
    """
    package = Path(__file__).resolve().parent
    inside = package / folder
    return inside if inside.is_dir() else package.parent / folder

"""Turns the environment into the settings of a command: the one place where PARKG_* variables are read."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import SettingInvalid


@dataclass(frozen=True)
class Settings:
    """Where the data stand, where the server listens, what a query may take and give, and whether the store is a plain one."""

    data: Path
    host: str
    port: int
    time_limit_s: float
    plain: bool = False
    result_limit_mb: float = 100.0

    @property
    def result_limit_bytes(self) -> int:
        """The largest answer, in bytes."""
        return int(self.result_limit_mb * 2**20)


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from the variables PARKG_DATA, _HOST, _PORT, _TIME_LIMIT_S, _RESULT_LIMIT_MB and _PLAIN.

    Raises SettingInvalid where a number is none or out of its range.
    """
    port = _number(environment, "PARKG_PORT", 8000, 0, 65535)
    return Settings(
        data=Path(environment.get("PARKG_DATA", "").strip() or "var"),
        host=environment.get("PARKG_HOST", "").strip() or "127.0.0.1",
        port=int(port),
        time_limit_s=_number(environment, "PARKG_TIME_LIMIT_S", 10.0, 0.01, 3600),
        plain=environment.get("PARKG_PLAIN", "").strip() == "1",
        result_limit_mb=_number(environment, "PARKG_RESULT_LIMIT_MB", 100.0, 0.01, 1024),
    )


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

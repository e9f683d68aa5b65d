"""Turns the environment into the settings of a command: the one place where PARKG_* variables are read."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import SettingInvalid


@dataclass(frozen=True)
class Settings:
    """Where the data stand, where the server listens, how long a query may run, and whether it is a plain SPARQL store."""

    data: Path
    host: str
    port: int
    time_limit_s: float
    plain: bool = False


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from PARKG_DATA, PARKG_HOST, PARKG_PORT, PARKG_TIME_LIMIT_S and PARKG_PLAIN.

    Raises SettingInvalid where a number is none or out of its range.
    """
    port = _number(environment, "PARKG_PORT", 8000, 0, 65535)
    return Settings(
        data=Path(environment.get("PARKG_DATA", "").strip() or "var"),
        host=environment.get("PARKG_HOST", "").strip() or "127.0.0.1",
        port=int(port),
        time_limit_s=_number(environment, "PARKG_TIME_LIMIT_S", 10.0, 0.01, 3600),
        plain=environment.get("PARKG_PLAIN", "").strip() == "1",
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

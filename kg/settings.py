"""Turns the environment into the settings of a command: the one place where PARKG_* variables are read."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kg.errors import SettingInvalid

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?|[0-9a-f:.]+")
_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x20\x7f<>\"{}|\\^`]")


@dataclass(frozen=True)
class Settings:
    """Where the data stand, where the server listens, what a query may take and give, and whether the store is a plain one.

    base_url: the origin under which the server is reached from outside, or nothing for what each client calls it; allowed_hosts:
    the origins that a query or an update may have the server ask. Both are as kg.settings.origin_of gives them.
    store: the address at which another store answers queries; nothing for our own. store_graphs: the one at which it takes
    graphs, with user and password in it if the store wants them; nothing where it is only read.
    token: by which commands submit and review. files: a folder of published experiences that a build takes in.
    """

    data: Path
    host: str
    port: int
    time_limit_s: float
    plain: bool = False
    result_limit_mb: float = 100.0
    base_url: str = ""
    allowed_hosts: tuple[str, ...] = ()
    store: str = ""
    store_graphs: str = ""
    own_review: bool = False
    token: str = ""
    files: Path | None = None

    @property
    def result_limit_bytes(self) -> int:
        """The largest answer, in bytes."""
        return int(self.result_limit_mb * 2**20)


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from the variables of the names below.

    Raises SettingInvalid where a number is none or out of its range, or an origin or an address is none.
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
        base_url=next(_origins(environment, "PARKG_BASE_URL", 1), ""),
        files=Path(text) if (text := environment.get("PARKG_FILES", "").strip()) else None,
        token=environment.get("PARKG_TOKEN", "").strip(),
        own_review=environment.get("PARKG_OWN_REVIEW", "").strip() == "1",
        allowed_hosts=tuple(_origins(environment, "PARKG_ALLOWED_HOSTS")),
        store=store,
        store_graphs=store_graphs,
    )


def origin_of(address: str) -> str:
    """Return the origin of an http or https address, spelled in the one way in which two origins are compared.

    That is scheme and host in lower case, and the port unless it is the scheme's own. Raises ValueError for an address of another
    scheme, without a host, with a user or password, or with what no address has, such as a space or a letter beyond ASCII in its
    host. Source: RFC 6454, sections 4 and 6.2.
    """
    parts = urlsplit(address)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    fit = scheme in _PORTS and _HOST.fullmatch(host) and "@" not in parts.netloc and not _NOT_IN_ADDRESSES.search(address)
    if not fit or parts.port == 0:
        raise ValueError(f"{address!r} is no address of http or https that names a host and nobody's password")
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" + (f":{parts.port}" if parts.port not in (None, _PORTS[scheme]) else "")


def _origins(environment: Mapping[str, str], name: str, most: int | None = None) -> Iterator[str]:
    given = environment.get(name, "").split()
    for text in given:
        try:
            origin, path = origin_of(text), urlsplit(text)
        except ValueError:
            origin, path = "", urlsplit("")
        if not origin or path.path not in ("", "/") or path.query or path.fragment or len(given) > (most or len(given)):
            raise SettingInvalid(f"{name}={' '.join(given)} is not {'one origin' if most else 'origins apart by spaces'}. Write "
                                 "https://, the host and, if it is not the usual one, the port, without a path.")
        yield origin


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

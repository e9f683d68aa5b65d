"""Turns the process that calls into one that can harm nobody: no network, little memory, no core file, no life of its own.

Every process that parses or answers a query calls these first. Source: Linux manual pages unshare(2), seccomp(2), prctl(2),
setrlimit(2) and proc(5).
"""

import ctypes
import errno
import os
import re
import resource
import signal
import struct
import sys
from contextlib import suppress
from pathlib import Path

MEMORY_LIMIT_BYTES = 1 << 30
STACK_BYTES = 64 << 20
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 1, 22, 38, 2
SOCKET_CALL = {"x86_64": 41, "aarch64": 198}


def seal_network() -> bool:
    """Take the network away from this process, by a namespace of its own or a filter of system calls; tell whether it worked."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None)
    return libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 or seal_by_filter(libc)


def seal_by_filter(libc: ctypes.CDLL) -> bool:
    """Have every call that makes a socket fail with EACCES; tell whether the system took the filter."""
    number = SOCKET_CALL.get(os.uname().machine)
    if number is None or libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    program = b"".join(struct.pack("HBBI", *instruction) for instruction in (
        (0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x00050000 | errno.EACCES), (0x06, 0, 0, 0x7FFF0000)))
    text = ctypes.create_string_buffer(program, len(program))
    filter = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(text)))
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter, 0, 0) == 0)


def bound(more_bytes: int = MEMORY_LIMIT_BYTES) -> None:
    """Allow this process so much memory on top of what it has, no core file, and let the system end it before others."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = _data_bytes() + STACK_BYTES + more_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def machine_bytes(limit: Path = Path("/sys/fs/cgroup/memory.max")) -> int:
    """Return how much memory there is: the machine's, or that of the container that it is. Source: Linux kernel, cgroup v2."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        return min(machine, int(limit.read_text(encoding="ascii")))
    except (OSError, ValueError):  # there is no such file, or it says max
        return machine


def end_with(parent: int) -> None:
    """Have this process killed when its parent ends. To be called after seal_network, which would undo it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def _data_bytes() -> int:
    """Return how much memory that RLIMIT_DATA counts this process has already; 0 where the system does not tell."""
    try:
        found = re.search(r"VmData:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0

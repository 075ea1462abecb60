"""Directories mounted with sshfs, from Rowmill's SFTP server and from OpenSSH's, over pipes and through SSH."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import time

from benchmarks import processes, rowmill
from benchmarks.errors import BenchmarkError, WrongInput

OPENSSH_SERVERS = ("/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server", "/usr/lib/ssh/sftp-server")
OPTIONS = "idmap=user,dir_cache=no"  # as a run mounts a project
WAIT_S = 20
SSHD_CONFIG = """ListenAddress 127.0.0.1
Port {port}
HostKey {keys}/host_key
AuthorizedKeysFile {keys}/id_ed25519.pub
PidFile none
UsePAM no
StrictModes no
Subsystem sftp internal-sftp
"""


def find_program(*names: str) -> str:
    """Returns the first of these programs that exists."""
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    for name in names:
        if found := shutil.which(name, path=path):
            return found
    raise WrongInput(f"mount needs sshfs, fuse3 and openssh-server: no {names[0]} was found")


class Mounts:
    """Mounted directories and their servers. Leaving the context unmounts and ends everything."""

    def __init__(self, session, served: pathlib.Path):
        self.session = session
        self.served = served
        self.sshfs = find_program("sshfs")
        self.fusermount = find_program("fusermount3")
        self.directories: list[pathlib.Path] = []
        self.started: list[subprocess.Popen] = []
        self.classes = session.rowmill.javac("Serve.java")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for directory in self.directories:
            subprocess.run([self.fusermount, "-u", "-z", directory], capture_output=True, check=False)
        for process in reversed(self.started):
            if process.poll() is None:
                process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=WAIT_S)
            if process.poll() is None:
                process.kill()
                process.wait()

    def start(self, command, **streams) -> subprocess.Popen:
        with open(self.session.rowmill.log(), "wb") as log:
            process = subprocess.Popen([str(word) for word in command], stderr=log, **streams)
        self.started.append(process)
        return process

    def directory(self, name: str) -> pathlib.Path:
        directory = self.session.work / name
        directory.mkdir()
        self.directories.append(directory)
        return directory

    def await_mounted(self, directory: pathlib.Path) -> pathlib.Path:
        processes.await_true(lambda: os.path.ismount(directory), f"{directory} is mounted", WAIT_S)
        return directory

    def serve(self, *arguments) -> list:
        """Returns the command of Rowmill's server."""
        return [self.session.java, "-cp", f"{rowmill.JAR}:{self.classes}", "Serve", self.served, *arguments]

    def pipes(self, name: str, path: str, server) -> tuple[pathlib.Path, subprocess.Popen]:
        """Starts a server on pipes and mounts its path, as a run does. Returns the directory and the server."""
        directory = self.directory(name)
        process = self.start(server, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        command = [self.sshfs, f":{path}", directory, "-o", f"slave,{OPTIONS}"]
        self.start(command, stdin=process.stdout, stdout=process.stdin)
        process.stdin.close()
        process.stdout.close()
        return self.await_mounted(directory), process

    def sshd(self) -> tuple[int, pathlib.Path]:
        """Starts an SSH server on loopback. Returns its port, and the directory of the keys."""
        keys = self.session.work / "ssh"
        keys.mkdir()
        for name in ("host_key", "id_ed25519"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", keys / name], check=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        config = keys / "sshd_config"
        config.write_text(SSHD_CONFIG.format(port=port, keys=keys), encoding="utf-8")
        if os.geteuid() == 0:
            pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        self.start([find_program("sshd"), "-D", "-e", "-f", config])
        processes.await_true(lambda: answers(port), "sshd answers", WAIT_S)
        return port, keys

    def rowmill_through_ssh(self, port: int, keys: pathlib.Path) -> pathlib.Path:
        directory = self.directory("rowmill-ssh")
        self.start(self.serve(port, keys, directory))
        return self.await_mounted(directory)

    def openssh_through_ssh(self, port: int, keys: pathlib.Path) -> pathlib.Path:
        directory = self.directory("openssh-ssh")
        hosts = f"UserKnownHostsFile={keys}/known_hosts,StrictHostKeyChecking=accept-new"
        options = f"{OPTIONS},IdentityFile={keys}/id_ed25519,{hosts}"
        command = [self.sshfs, "-f", "-p", port, "-o", options, f"127.0.0.1:{self.served}", directory]
        self.start(command)
        return self.await_mounted(directory)


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def timed(action) -> float:
    """Returns the seconds that an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def openssh_server() -> str:
    try:
        return find_program(*OPENSSH_SERVERS)
    except WrongInput as e:
        raise BenchmarkError(str(e)) from e

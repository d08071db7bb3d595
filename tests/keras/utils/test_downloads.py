"""``get_file``: what the network, broken archives and read-only folders do to it."""

from __future__ import annotations

import hashlib
import http.server
import io
import os
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest

import reflow as tf
from reflow.keras.utils import downloads

CONTENT = b"content " * 4000


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves ``/whole``, ``/cut`` (ends too early), ``/endless`` (no length), and 404."""

    def do_GET(self):
        if self.path == "/missing":
            self.send_error(404, "Not here")
            return
        self.send_response(200)
        if self.path != "/endless":
            self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[:100] if self.path == "/cut" else CONTENT)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def server():
    """The address of a web server."""
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Keras's cache: an empty folder."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("http_proxy", raising=False)
    return tmp_path / "keras"


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


# ----------------------------------------------------------------------------------- downloads


@pytest.mark.parametrize("name", ["whole", "endless"])
def test_a_file_is_fetched_once(server, home, capsys, name):
    path = tf.keras.utils.get_file("data", f"{server}/{name}")
    assert path == str(home / "datasets" / "data")
    assert Path(path).read_bytes() == CONTENT
    assert capsys.readouterr().out.startswith(f"Downloading data from {server}/{name}\n\r")
    assert tf.keras.utils.get_file("data", f"{server}/{name}") == path
    assert capsys.readouterr().out == ""


def test_without_keras_home_the_cache_is_in_the_users_folder(server, tmp_path, monkeypatch):
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    path = tf.keras.utils.get_file("data", f"{server}/whole", cache_subdir="sub")
    assert path == str(tmp_path / ".keras" / "sub" / "data")


@pytest.mark.parametrize("place", ["given", "~/given"])
def test_a_cache_folder_is_made(server, tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    path = tf.keras.utils.get_file("data", f"{server}/whole", cache_dir=place)
    assert os.path.samefile(path, tmp_path / "given" / "datasets" / "data")


@pytest.mark.parametrize(
    ("name", "says"),
    [("missing", "404 -- Not Found|404 -- Not here"), ("cut", "IncompleteRead|ended after 100 of")],
)
def test_a_failure_leaves_nothing_and_says_what_to_do(server, home, name, says):
    with pytest.raises(
        OSError, match=f"URL fetch failure on {server}/{name}: .*({says})"
    ) as raised:
        tf.keras.utils.get_file("data", f"{server}/{name}")
    assert f"save it as {home / 'datasets' / 'data'}" in str(raised.value)
    assert files(home) == []


def test_no_network(home):
    with pytest.raises(OSError, match="Without a network, fetch that file with another machine"):
        tf.keras.utils.get_file("data", "http://127.0.0.1:9/data")


@pytest.mark.parametrize("algorithm", ["md5", "sha256"])
def test_what_has_another_hash_is_refused(server, home, algorithm):
    right = hashlib.new(algorithm, CONTENT).hexdigest()
    wrong = right.replace(right[0], "0" if right[0] != "0" else "1")
    with pytest.raises(ValueError, match=f"its auto hash is not {wrong}"):
        tf.keras.utils.get_file("data", f"{server}/whole", file_hash=wrong)
    assert files(home) == []
    path = tf.keras.utils.get_file("data", f"{server}/whole", file_hash=right.upper())
    assert Path(path).read_bytes() == CONTENT


@pytest.mark.parametrize("name", ["missing", "cut", "whole"])
def test_a_file_of_ones_own_stays_when_the_right_one_does_not_come(server, home, name):
    (home / "datasets").mkdir(parents=True)
    (home / "datasets" / "data").write_text("mine")
    with pytest.raises((OSError, ValueError)):
        tf.keras.utils.get_file("data", f"{server}/{name}", file_hash="0" * 64)
    assert (home / "datasets" / "data").read_text() == "mine"
    assert files(home) == ["datasets/data"]


def test_an_interrupted_download_leaves_nothing(server, home, monkeypatch):
    def interrupt(self, current, values=None):
        raise KeyboardInterrupt

    monkeypatch.setattr(downloads.Progbar, "update", interrupt)
    with pytest.raises(KeyboardInterrupt):
        tf.keras.utils.get_file("data", f"{server}/whole")
    assert files(home) == []


def test_a_cache_that_cannot_be_written_is_read(server, home, monkeypatch, tmp_path):
    (home / "datasets").mkdir(parents=True)
    (home / "datasets" / "data").write_text("there")
    monkeypatch.setattr(downloads, "_can_write", lambda folder: False)
    monkeypatch.setattr(downloads.tempfile, "gettempdir", lambda: str(tmp_path / "tmp"))
    assert Path(tf.keras.utils.get_file("data", "none")).read_text() == "there"
    path = tf.keras.utils.get_file("other", f"{server}/whole")
    assert path == str(tmp_path / "tmp" / ".keras" / "datasets" / "other")


@pytest.mark.parametrize("can", [True, False])
def test_a_folder_can_be_made_where_the_nearest_one_can_be_written(tmp_path, monkeypatch, can):
    asked = []
    monkeypatch.setattr(downloads.os, "access", lambda *arguments: asked.append(arguments) or can)
    monkeypatch.chdir(tmp_path)
    assert downloads._can_write(str(tmp_path / "a" / "b")) is can
    assert downloads._can_write("a") is can
    assert downloads._can_write("") is can
    assert asked == [(str(tmp_path), os.W_OK)] * 3


# ------------------------------------------------------------------------------------ archives


def tar_of(path, *members):
    with tarfile.open(path, "w:gz") as archive:
        for name, kind, content in members:
            member = tarfile.TarInfo(name)
            member.type = kind
            if kind == tarfile.REGTYPE:
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
            else:
                member.linkname = content
                archive.addfile(member)


def zip_of(path, *names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "evil")


FILE, LINK, HARD, DEVICE = tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE


@pytest.mark.parametrize(
    "members",
    [
        [("../evil", FILE, b"evil")],
        [("a/../../evil", FILE, b"evil")],
        [("/tmp/evil", FILE, b"evil")],
        [("..\\evil", FILE, b"evil")],
        [("link", LINK, "/etc"), ("link/evil", FILE, b"evil")],
        [("link", LINK, "..")],
        [("link", HARD, "/etc/passwd")],
        [("device", DEVICE, "")],
    ],
    ids=lambda members: members[0][0],
)
@pytest.mark.parametrize("options", [{"extract": True}, {"untar": True}], ids=str)
def test_a_tar_archive_that_reaches_out_is_refused(tmp_path, home, members, options):
    archive = tmp_path / "evil.tar.gz"
    tar_of(archive, ("good", FILE, b"good"), *members)
    with pytest.raises(ValueError, match=r"outside the archive's folder|neither a file nor"):
        tf.keras.utils.get_file("evil", archive.as_uri(), **options)
    kept = "keras/datasets/evil" + ".tar.gz" * ("untar" in options)
    assert files(tmp_path) == ["evil.tar.gz", kept]


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/tmp/evil", "\\evil"])
def test_a_zip_archive_that_reaches_out_is_refused(tmp_path, home, name):
    zip_of(tmp_path / "evil.zip", "good", name)
    with pytest.raises(ValueError, match="outside the archive's folder"):
        tf.keras.utils.get_file("evil.zip", (tmp_path / "evil.zip").as_uri(), extract=True)
    assert files(home) == ["datasets/evil.zip"]


def test_a_broken_archive_leaves_nothing(tmp_path, home):
    whole = tmp_path / "whole.tar.gz"
    tar_of(whole, ("folder/a", FILE, os.urandom(100_000)), ("folder/b", FILE, b"b"))
    (tmp_path / "cut.tar.gz").write_bytes(whole.read_bytes()[:60_000])
    with pytest.raises(ValueError, match="is a broken tar archive"):
        tf.keras.utils.get_file("folder", (tmp_path / "cut.tar.gz").as_uri(), untar=True)
    assert files(home) == ["datasets/folder.tar.gz"]


def test_untar_wants_an_archive(tmp_path):
    (tmp_path / "text").write_text("text")
    with pytest.raises(ValueError, match="is no tar archive"):
        tf.keras.utils.get_file("text", (tmp_path / "text").as_uri(), untar=True)


def test_an_unknown_format(tmp_path):
    (tmp_path / "text").write_text("text")
    with pytest.raises(ValueError, match="not 'rar'"):
        tf.keras.utils.get_file(
            "t", (tmp_path / "text").as_uri(), extract=True, archive_format="rar"
        )


def test_unpacking_joins_what_is_there(tmp_path, home):
    zip_of(tmp_path / "a.zip", "folder/", "folder/sub/new", "folder/old")
    (home / "datasets" / "folder" / "sub").mkdir(parents=True)
    (home / "datasets" / "folder" / "sub" / "mine").write_text("mine")
    (home / "datasets" / "folder" / "old").write_text("old")
    tf.keras.utils.get_file("a.zip", (tmp_path / "a.zip").as_uri(), extract=True)
    folder = home / "datasets" / "folder"
    assert files(folder) == ["old", "sub/mine", "sub/new"]
    assert (folder / "old").read_text() == "evil"

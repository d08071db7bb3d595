"""Files from the network, kept in a cache; archives unpacked beside it."""

from __future__ import annotations

import hashlib
import http.client
import os
import tempfile
import urllib.error
import urllib.request

from reflow.keras.utils.archives import extract as extract_archive
from reflow.keras.utils.progress_bar import Progbar

__all__ = ["get_file"]

_BLOCK = 8192  # bytes; TF's progress bar counts in these too
_SILENCE = 60  # seconds after which a server that sends nothing is given up


def get_file(
    fname,
    origin,
    untar=False,
    md5_hash=None,
    file_hash=None,
    cache_subdir="datasets",
    hash_algorithm="auto",
    extract=False,
    archive_format="auto",
    cache_dir=None,
):
    """Downloads a file unless the cache has it.

    A download gets its name only when it is complete and its hash is right. A file that is there
    with another hash than ``file_hash`` is replaced, but only then.

    Args:
      fname: its name in the cache, or an absolute path.
      origin: its URL.
      untar: whether it is a tar archive that has a folder ``fname``; the archive is kept as
        ``fname.tar.gz``, and the folder is what is returned. ``extract`` is the newer way.
      md5_hash: the old name of ``file_hash``.
      file_hash: the MD5 or SHA256 hash of the file, in hexadecimal.
      cache_subdir: the folder within the cache.
      hash_algorithm: ``"md5"``, ``"sha256"`` or ``"auto"``, which tells them by their length.
      extract: whether to unpack the file beside itself if it is an archive.
      archive_format: ``"tar"`` (compressed or not), ``"zip"``, a list of them, ``"auto"`` for both,
        None for neither.
      cache_dir: the cache; the folder that ``KERAS_HOME`` names, ``~/.keras`` by default.

    Returns:
      The path of the file, or of the folder with ``untar``.

    Raises:
      OSError: if it cannot be fetched; the message says where to put it by hand.
      ValueError: if the hash of what was fetched is wrong, or an archive is none or would write
        outside its folder.
    """
    if md5_hash is not None and file_hash is None:
        file_hash, hash_algorithm = md5_hash, "md5"
    path = in_cache(fname + ".tar.gz" if untar else fname, cache_subdir, cache_dir)
    folder = os.path.dirname(path)
    if os.path.exists(path):
        if file_hash is not None and not has_hash(path, file_hash, hash_algorithm):
            print(  # noqa: T201 TF says so too
                "A local file was found, but it seems to be incomplete or outdated because the "
                f"{hash_algorithm} file hash does not match the original value of {file_hash} so "
                "we will re-download the data."
            )
            download(origin, path, file_hash, hash_algorithm)
    else:
        download(origin, path, file_hash, hash_algorithm)
    if untar:
        unpacked = path.removesuffix(".tar.gz")
        if not os.path.exists(unpacked) and not extract_archive(path, folder, "tar"):
            raise ValueError(f"get_file: {path} is no tar archive")
        return unpacked
    if extract:
        extract_archive(path, folder, archive_format)
    return path


def keras_home():
    """The folder of Keras's cache: what ``KERAS_HOME`` names, or ``~/.keras``."""
    return os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")


def in_cache(name, subdir="datasets", cache_dir=None):
    """Where a file of the cache is, or where it would go.

    That is a folder for temporary files if it is not there and the cache cannot be written.

    Args:
      name: the file's, or an absolute path.
      subdir: the folder within the cache.
      cache_dir: the cache, ``keras_home()`` by default.

    Returns:
      A path.
    """
    home = keras_home() if cache_dir is None else os.path.expanduser(cache_dir)
    path = os.path.join(home, subdir, name)
    if not os.path.exists(path) and not _can_write(os.path.dirname(path)):
        path = os.path.join(tempfile.gettempdir(), ".keras", subdir, name)
    return path


def _can_write(folder):
    """Whether files can be made in a folder, or the folder first."""
    folder = os.path.abspath(folder)
    while not os.path.exists(folder):
        folder = os.path.dirname(folder)
    return os.access(folder, os.W_OK)


def has_hash(path, file_hash, algorithm="auto"):
    """Whether a file has an MD5 or SHA256 hash."""
    sha256 = algorithm == "sha256" or (algorithm == "auto" and len(file_hash) == 64)
    computed = hashlib.sha256() if sha256 else hashlib.md5(usedforsecurity=False)
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            computed.update(block)
    return computed.hexdigest() == str(file_hash).lower()


def download(origin, path, file_hash=None, algorithm="auto"):
    """Fetches a URL into a file that appears under its name when it is complete.

    Args:
      origin: the URL.
      path: the file.
      file_hash: what its hash must be, if anything.
      algorithm: of the hash, see ``get_file``.

    Raises:
      OSError: if it cannot be fetched.
      ValueError: if the hash is another.
    """
    print("Downloading data from", origin)  # noqa: T201 TF says so too
    temporary = f"{path}.{os.getpid()}.part"
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    try:
        try:
            _fetch(origin, temporary)
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()  # it is the server's answer, too
            reason = getattr(error, "reason", None) or error
            raise OSError(
                f"URL fetch failure on {origin}: {getattr(error, 'code', None)} -- {reason}\n"
                f"Without a network, fetch that file with another machine and save it as {path}"
            ) from error
        if file_hash is not None and not has_hash(temporary, file_hash, algorithm):
            raise ValueError(
                f"{origin} is not the file it should be: its {algorithm} hash is not {file_hash}; "
                f"{path} was left as it was"
            )
        os.replace(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.remove(temporary)


def _fetch(origin, path):
    with urllib.request.urlopen(origin, timeout=_SILENCE) as response, open(path, "wb") as file:
        length = response.headers.get("Content-Length")
        expected = int(length) if length is not None and length.isdigit() else None
        bar = Progbar(expected)
        blocks = received = 0
        while block := response.read(_BLOCK):
            file.write(block)
            blocks += 1
            received += len(block)
            bar.update(blocks * _BLOCK)
        if expected is not None and received != expected:
            raise OSError(f"the connection ended after {received} of {expected} bytes")
        file.flush()
        os.fsync(file.fileno())

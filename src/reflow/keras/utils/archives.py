"""Archives, unpacked without trusting what they say about paths."""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
import zipfile

_FORMATS = {
    "tar": (tarfile.is_tarfile, tarfile.open),
    "zip": (zipfile.is_zipfile, zipfile.ZipFile),
}


def extract(path, folder, formats="auto"):
    """Unpacks an archive; files appear complete, and replace those of the same name.

    Args:
      path: the archive.
      folder: where its files go.
      formats: ``"tar"``, ``"zip"``, a list of them, ``"auto"`` for both, None for neither.

    Returns:
      Whether it was an archive of such a format.

    Raises:
      ValueError: if a format is unknown, or if the archive is broken, would write outside the
        folder, or holds anything but files and folders.
    """
    if formats is None:
        return False
    if formats == "auto":
        formats = ["tar", "zip"]
    for name in [formats] if isinstance(formats, str) else formats:
        if name not in _FORMATS:
            raise ValueError(f"archive_format must be 'auto', 'tar', 'zip' or None, not {name!r}")
        is_archive, open_archive = _FORMATS[name]
        if is_archive(path):
            try:
                with open_archive(path) as archive:
                    _unpack(archive, path, folder)
            except (tarfile.TarError, zipfile.BadZipFile, EOFError) as error:
                raise ValueError(f"{path} is a broken {name} archive: {error}") from error
            return True
    return False


def _unpack(archive, path, folder):
    # Everything goes to a folder of its own first, so that an archive that breaks off in the
    # middle leaves nothing behind that looks complete.
    temporary = tempfile.mkdtemp(prefix=".unpacking-", dir=folder)
    try:
        if isinstance(archive, tarfile.TarFile):
            for member in archive:
                _check(member.name, path)
                if not (member.isreg() or member.isdir()):
                    raise ValueError(f"{path}: {member.name!r} is neither a file nor a folder")
                if member.isdir():
                    os.makedirs(os.path.join(temporary, member.name), exist_ok=True)
                else:
                    _write(archive.extractfile(member), temporary, member.name)
        else:
            for name in archive.namelist():
                _check(name, path)
                if name.endswith("/"):
                    os.makedirs(os.path.join(temporary, name), exist_ok=True)
                else:
                    _write(archive.open(name), temporary, name)
        _move(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _check(name, path):
    is_absolute = name.startswith(("/", "\\")) or os.path.splitdrive(name)[0]
    if is_absolute or ".." in name.replace("\\", "/").split("/"):
        raise ValueError(f"{path}: {name!r} would be written outside the archive's folder")


def _write(source, folder, name):
    target = os.path.join(folder, name)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with source, open(target, "wb") as file:
        shutil.copyfileobj(source, file)


def _move(source, target):
    """Moves what is in one folder to another, folder by folder, where folders are there already."""
    for entry in os.scandir(source):
        place = os.path.join(target, entry.name)
        if entry.is_dir() and os.path.isdir(place):
            _move(entry.path, place)
        else:
            os.replace(entry.path, place)

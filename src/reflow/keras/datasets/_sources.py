"""Where the files of data sets come from, and where they are kept."""

from __future__ import annotations

import os
from dataclasses import dataclass

from reflow.keras.utils.archives import extract
from reflow.keras.utils.downloads import download, has_hash, in_cache


@dataclass(frozen=True)
class Source:
    """A file of a data set.

    A file of that name is used as it is, whatever its hash: it may be a smaller one of one's own.

    Attributes:
      name: its name in the cache.
      url: where it is fetched from.
      file_hash: the MD5 or SHA256 hash of the original, where it is known.
    """

    name: str
    url: str
    file_hash: str | None = None

    @property
    def path(self):
        """Where it is, or would be."""
        return in_cache(self.name)

    def is_here(self):
        """Whether it need not be fetched."""
        return os.path.exists(self.path)

    def is_original(self):
        """Whether the file that is here is the original; None where that is not known."""
        return None if self.file_hash is None else has_hash(self.path, self.file_hash)

    def fetch(self, path=None):
        """Makes sure that it is here.

        Args:
          path: another name for it in the cache, or an absolute path.

        Returns:
          Its path.
        """
        path = self.path if path is None else in_cache(path)
        if not os.path.exists(path):
            download(self.url, path, self.file_hash)
        return path


@dataclass(frozen=True)
class Folder(Source):
    """A folder that comes as an archive of the same name with ``.tar.gz``."""

    @property
    def archive(self):
        """Where the archive is, or would be."""
        return in_cache(self.name + ".tar.gz")

    def is_here(self):
        """Whether it need not be fetched: the folder is there, or the archive."""
        return os.path.isdir(self.path) or os.path.exists(self.archive)

    def is_original(self):
        """Whether the archive that is here is the original; None where there is none."""
        return has_hash(self.archive, self.file_hash) if os.path.exists(self.archive) else None

    def fetch(self, path=None):
        """Makes sure that the folder is here; returns its path."""
        path = self.path
        if os.path.isdir(path):
            return path
        if not os.path.exists(self.archive):
            download(self.url, self.archive, self.file_hash)
        is_archive = extract(self.archive, os.path.dirname(path), "tar")
        if not is_archive or not os.path.isdir(path):
            raise unusable(self.archive, f"it holds no folder {self.name}")
        return path


def unusable(path, why):
    """The error for a file that is there but is not what a data set needs."""
    return ValueError(
        f"{path} cannot be used: {why}. It was left as it is; move it away to fetch the original"
    )

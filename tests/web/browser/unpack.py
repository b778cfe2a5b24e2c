"""Unpack the Chromium of the npm package into a folder: python unpack.py DOWNLOAD TARGET.

DOWNLOAD is a folder where `npm ci` ran beside package.json; TARGET receives `chromium`, its software renderer beside
it and the system libraries it was built with in `lib/`.
"""

import io
import shutil
import sys
import tarfile
from pathlib import Path

import brotli


def unpack(download: Path, target: Path) -> None:
    """Replace TARGET by the unpacked browser; an interrupted unpacking leaves no TARGET."""
    packed, fresh = download / "node_modules/@sparticuz/chromium/bin", target.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "lib").mkdir(parents=True)
    program = fresh / "chromium"
    program.write_bytes(brotli.decompress((packed / "chromium.br").read_bytes()))
    program.chmod(0o755)
    for name, folder in (("swiftshader", fresh), ("al2023", fresh)):
        with tarfile.open(fileobj=io.BytesIO(brotli.decompress((packed / f"{name}.tar.br").read_bytes()))) as archive:
            archive.extractall(folder, filter="data")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


if __name__ == "__main__":
    unpack(Path(sys.argv[1]), Path(sys.argv[2]))

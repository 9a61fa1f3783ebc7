"""Where files are: the committed configuration, and tables that a user names by path.

In a checkout `conf/` stands beside the package; an installed wheel carries it as `sim/conf`.
"""

from __future__ import annotations

import os
from pathlib import Path

from sim.errors import UserError, nearest

MAX_SHOWN = 80  # characters of a name that a message repeats


def conf_dir() -> Path:
    """The folder of the committed configuration: `sim/conf` (wheel), else `../conf` (checkout)."""
    package = Path(__file__).resolve().parent
    for folder in (package / "conf", package.parent / "conf"):
        if folder.is_dir():
            return folder
    raise UserError("The folder 'conf' is missing beside the package: install demarche again.")


def experiments_dir() -> Path | None:
    """The folder of experiments: below the working directory, else beside the committed conf/."""
    for folder in (Path.cwd() / "experiments", conf_dir().parent / "experiments"):
        if folder.is_dir():
            return folder
    return None


def cache_dir() -> Path:
    """The folder of what can be built again: DEMARCHE_CACHE, else the user's cache folder."""
    named = os.environ.get("DEMARCHE_CACHE")
    if named:
        return Path(named)
    if os.name == "nt":
        local = os.environ.get("LOCALAPPDATA")
        base = Path(local) if local else Path.home() / "AppData" / "Local"
    else:
        shared = os.environ.get("XDG_CACHE_HOME")
        base = Path(shared) if shared else Path.home() / ".cache"
    return base / "demarche"


def find_table(name: str | Path, key: str, ending: str = "csv") -> Path:
    """The file a setting names: from the working directory first, else from the committed conf/."""
    said = f"{key}={str(name)[:MAX_SHOWN]!r}"
    if not str(name).strip():
        raise UserError(f"{said} names no file. Give the path of a .{ending} file.")
    try:
        asked = Path(name).expanduser()
        for path in (Path.cwd() / asked, conf_dir() / asked):
            if path.is_file():
                return path
            if path.is_dir():
                raise UserError(f"{said} is a folder: name the .{ending} file inside it.")
        raise UserError(f"{said}: no such file, {_remedy(asked, key, ending)}")
    except OSError as error:  # a name too long, a folder that may not be read
        raise UserError(f"{said} cannot be opened: {error.strerror}.") from error
    except (RuntimeError, ValueError) as error:  # "~nobody", a NUL byte inside the name
        raise UserError(f"{said} is not a file name: {error}.") from error


def _remedy(asked: Path, key: str, ending: str) -> str:
    """Where a missing file was looked for, and what may have been meant."""
    folder = Path.cwd() / asked.parent
    beside = [path.name for path in folder.glob(f"*.{ending}")] if folder.is_dir() else []
    guess = nearest(asked.name, beside)
    hint = f" Did you mean '{asked.parent / guess}'?" if guess else ""
    return (
        "neither from the working directory nor among the tables that come with the program."
        f"{hint} Name a .{ending} file, for example {key}=my_{key.rpartition('.')[2]}.{ending}."
    )

"""A calibration file's plain values, whichever of its three spellings it has: YAML, XML or JSON.

OpenCV's FileStorage writes a YAML that YAML readers refuse: its first line is `%YAML:1.0`, and matrices are tagged
`!!opencv-matrix`. Both are understood here, so that a file needs no OpenCV to be read. What comes out
is nested dicts, lists and scalars; a matrix is a dict with `rows`, `cols` and `data`.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.errors import CalibrationError
from backend.extras import need
from backend.language import N_, _
from backend.sanitise import one_line

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_BYTES = 2**20
"""Of a calibration; with the points that it was made from it has some hundred thousand."""

_MEANINGS = {
    errno.ENOENT: N_("there is no such file"),
    errno.EACCES: N_("permission to read it is denied"),
    errno.EISDIR: N_("it is a folder"),
}


def entries(path: Path) -> dict[str, Any]:
    """What stands at the top of the file, by name. Raises CalibrationError, and MissingExtra for YAML without its reader."""
    text = _text(path)
    start = text.lstrip()
    if not start:
        raise CalibrationError(path, _("it is empty"), cure=_("calibrate and save again"))
    try:
        if start.startswith("<"):
            found = _from_xml(start)
        elif start.startswith("{"):
            found = json.loads(start)
        else:
            found = _from_yaml(text)
    except (ValueError, SyntaxError, RecursionError) as error:
        raise CalibrationError(path, _("it does not parse ({error})").format(error=one_line(str(error), 120))) from error
    if not isinstance(found, dict):
        raise CalibrationError(path, _("it holds no names with values"))
    return {str(name): value for name, value in found.items()}


def _text(path: Path) -> str:
    """The bytes of a regular file of a sane length, as text."""
    try:
        kind = path.stat()
        if stat.S_ISDIR(kind.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(kind.st_mode):
            raise CalibrationError(path, _("it is not a regular file"), cure=_("give a file"))
        if kind.st_size > MOST_BYTES:
            raise CalibrationError(
                path, _("it is larger than {most_bytes} KiB, which no calibration is").format(most_bytes=MOST_BYTES // 2**10)
            )
        data = path.read_bytes()
    except OSError as error:
        reason = _MEANINGS.get(error.errno or 0, error.strerror or str(error))
        raise CalibrationError(path, reason, cure=_("check the name and the folder you are in")) from error
    except ValueError as error:  # a NUL character in the name
        raise CalibrationError(path, _("no file can have this name"), cure=_("check the name")) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CalibrationError(path, _("it is not text")) from error


def _from_yaml(text: str) -> Any:
    need("yaml", extra="depth", to=_("read a calibration file in YAML"))
    import yaml

    class Loader(yaml.SafeLoader):
        """Plain values, and matrices as the mappings that they are."""

    def matrix(loader: yaml.SafeLoader, _kind: str, node: yaml.Node) -> Any:
        if not isinstance(node, yaml.MappingNode):
            raise yaml.YAMLError(_("a matrix that is no mapping"))
        return loader.construct_mapping(node, deep=True)

    Loader.add_multi_constructor("tag:yaml.org,2002:opencv-", matrix)  # opencv-matrix; OpenCV 5 has opencv-nd-matrix too
    if text.startswith("%YAML:"):
        text = "%YAML " + text.removeprefix("%YAML:").lstrip()
        first, __, rest = text.partition("\n")
        text = f"{first}\n{rest}" if rest.lstrip().startswith("---") else f"{first}\n---\n{rest}"
    try:
        return yaml.load(text, Loader)  # a SafeLoader's subclass
    except yaml.MarkedYAMLError as error:
        line = "" if error.problem_mark is None else _(" in line {line}").format(line=error.problem_mark.line + 1)
        raise ValueError(f"{error.problem or error.context}{line}") from error
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _from_xml(text: str) -> Any:
    from xml.etree import ElementTree

    if "<!ENTITY" in text:
        raise ValueError("it defines entities of its own")
    return _of_element(ElementTree.fromstring(text))


def _of_element(element: Element) -> Any:
    """OpenCV's nesting: `_` for the elements of a list, names for a mapping's, text for everything else."""
    children = list(element)
    if not children:
        return (element.text or "").strip().strip('"')
    if all(child.tag == "_" for child in children):
        return [_of_element(child) for child in children]
    return {child.tag: _of_element(child) for child in children}

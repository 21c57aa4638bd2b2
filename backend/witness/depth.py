"""A depth network asked about a picture: an ONNX file of the MiDaS or Depth Anything kind, run by ONNX Runtime.

What the file takes and gives is read off the file, and one that is something else is refused in words before it runs. A picture
is stretched to what the network takes rather than cut or padded: inverse depth stays affine under that, and no part of the
picture goes unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from PIL import Image

from backend.catalog.depth import DepthCard
from backend.errors import ModelError
from backend.extras import need
from backend.language import _
from backend.media.images import as_image
from backend.sanitise import one_line, quoted
from backend.scene import DepthMap, Picture

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

_TYPES = {"tensor(float)": "float32", "tensor(float16)": "float16"}
_PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")
_LONGEST = 2.5
"""The longer side of what a network of free size is shown, in shorter sides at most: panoramas are stretched beyond."""
_LEAST = 8
"""Pixels of a map's sides: fewer are no map but some vector that has its shape."""


class UnfitNetwork(ModelError):
    """An ONNX file that is not a depth network as sightline can use one, or that fails while it runs. Exit code 4."""


@dataclass(frozen=True, slots=True)
class Port:
    """The picture that a network takes, as its file describes it."""

    name: str
    dtype: str
    channels_last: bool
    height: int | None
    width: int | None
    """None: any size."""


class DepthNetwork:
    """One network, loaded. Safe to use from several threads."""

    def __init__(self, card: DepthCard, *, threads: int = 0) -> None:
        """Load `card`'s file. `threads`: of the CPU, 0 as many as there are.

        Raises MissingExtra without ONNX Runtime, ModelError where the file is not there, UnfitNetwork where it is no such
        network.
        """
        need("onnxruntime", extra="depth", to=_("run a depth network"))
        self.card = card
        self._path = card.require()
        self._session = _opened(self._path, threads)
        self.port = self._port()

    @property
    def device(self) -> str:
        """What it runs on: `GPU` or `CPU`."""
        return "GPU" if "CUDAExecutionProvider" in self._session.get_providers() else "CPU"

    def see(self, picture: Picture) -> DepthMap:
        """The depth of a whole picture, in the size that the network gives. Raises UnfitNetwork where it gives none."""
        import numpy as np

        image = as_image(picture).resize(self._size(picture.width, picture.height), Image.Resampling.BICUBIC)
        pixels = np.asarray(image, dtype=np.float32) / 255
        pixels = (pixels - np.array(self.card.mean, np.float32)) / np.array(self.card.std, np.float32)
        fed = pixels if self.port.channels_last else pixels.transpose(2, 0, 1)
        values = self._ran(np.ascontiguousarray(fed[None], dtype=self.port.dtype))
        if not np.isfinite(values).any():
            self._refuse(_("it answered no number at all"), _("check mean, std and layout in its table of models.toml"))
        values[~np.isfinite(values)] = np.nan
        return DepthMap(values, self.card.output, picture.width, picture.height, self.card.title)

    def _ran(self, fed: Any) -> Floats:
        import numpy as np

        try:
            given = self._session.run(None, {self.port.name: fed})
        except Exception as error:  # noqa: BLE001 (ONNX Runtime's errors share no base class of their own)
            shape = "×".join(map(str, fed.shape))
            self._refuse(
                _("it failed on a picture of {shape}: {error}").format(shape=shape, error=one_line(str(error), 200)),
                _("check size, multiple and layout in its table of models.toml"),
                error,
            )
        maps = [squeezed for output in given if (squeezed := _as_map(output)) is not None]
        if not maps:
            shapes = ", ".join("×".join(map(str, np.shape(output))) or _("one number") for output in given) or "nothing"
            self._refuse(
                _("it gave {shapes}, and a depth map has one number for each place").format(shapes=shapes),
                _("name another file"),
            )
        return np.array(max(maps, key=lambda made: int(made.size)), dtype=np.float32)

    def _size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of what it is shown, for a picture of that size."""
        card, port = self.card, self.port
        scale = card.size / min(width, height)
        longest = _LONGEST * card.size
        wanted = [
            max(card.multiple, round(min(side * scale, longest) / card.multiple) * card.multiple) for side in (width, height)
        ]
        return port.width or wanted[0], port.height or wanted[1]

    def _port(self) -> Port:
        inputs = self._session.get_inputs()
        if len(inputs) != 1:
            named = ", ".join(one_line(one.name, 30) for one in inputs) or "none"
            self._refuse(
                _("it has {count} inputs ({named}), and a depth network takes one picture").format(
                    count=len(inputs), named=named
                ),
                _("name another file"),
            )
        one = inputs[0]
        if one.type not in _TYPES:
            self._refuse(
                _("its input {name} is {type}, not float or float16").format(
                    name=one_line(one.name, 40), type=one_line(one.type, 40)
                ),
                _("use the network in float32 or float16"),
            )
        shape = [side if isinstance(side, int) and side > 0 else None for side in one.shape]
        if len(shape) != 4 or shape[0] not in (None, 1):
            shown = "×".join("?" if side is None else str(side) for side in shape) or _("one number")
            self._refuse(
                _("its input is {shown}, and one picture is 1×3×height×width or 1×height×width×3").format(shown=shown),
                _("name another file"),
            )
        first, last = shape[1] in (None, 3), shape[3] in (None, 3)
        layout = self.card.layout
        channels_last = layout == "nhwc" or (layout == "auto" and shape[3] == 3 and shape[1] != 3)
        if not (last if channels_last else first):
            self._refuse(
                _("its input has {value} channels where red, green and blue are given").format(
                    value=shape[3] if channels_last else shape[1]
                ),
                _("check layout in its table of models.toml, or name another file"),
            )
        height, width = shape[1:3] if channels_last else shape[2:4]
        return Port(one.name, _TYPES[one.type], channels_last, height, width)

    def _refuse(self, what: str, cure: str, cause: Exception | None = None) -> NoReturn:
        raise UnfitNetwork(
            _("{path} cannot be used as a depth network: {what}").format(path=quoted(self._path), what=what), cure=cure
        ) from cause


def _opened(path: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 4  # its own words would go to the app's terminal; failures are raised all the same
    available = onnxruntime.get_available_providers()
    try:
        return onnxruntime.InferenceSession(
            str(path), options, providers=[provider for provider in _PROVIDERS if provider in available]
        )
    except Exception as error:
        raise UnfitNetwork(
            _("{path} is not an ONNX file that can be used: {error}").format(
                path=quoted(path), error=one_line(str(error), 200)
            ),
            cure=_("download it again, or name another file"),
        ) from error


def _as_map(output: Any) -> Any:
    """An output without its axes of one, where that is a map; None for anything else."""
    import numpy as np

    if not isinstance(output, np.ndarray) or output.dtype.kind != "f":
        return None
    squeezed = output.squeeze()
    return squeezed if squeezed.ndim == 2 and min(squeezed.shape) >= _LEAST else None

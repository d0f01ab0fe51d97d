"""What can go wrong with prompts, said in one line for the person who must put it right."""


class PromptError(Exception):
    """Base of every prompt error; ``str()`` is one line with cause and remedy."""


class UnknownPromptError(PromptError):
    """A key that the catalogue does not have."""


class CatalogueError(PromptError):
    """The catalogue file cannot be read or contradicts itself."""


class MissingAudioError(PromptError):
    """A prompt of the catalogue has no built audio."""


class RecordingError(PromptError):
    """A person's recording is not fit to be played; the message says why."""


class EngineError(PromptError):
    """No speech engine, or one that is incomplete or failed."""

"""Requests the desk turns down, as an exception that carries the answer."""


class Refusal(Exception):  # noqa: N818 (it is an answer, not a failure)
    """Answer with ``status`` and the text of ``key``; raised by handlers and guards, never seen outside."""

    def __init__(
        self, status: int, key: str, headers: dict[str, str] | None = None, **places: object
    ) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.headers = headers or {}
        self.places = places

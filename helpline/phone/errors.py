"""What can go wrong with a telephone, told in one line with the remedy."""


class PhoneError(Exception):
    """Base of every error of `helpline.phone`; str() is one line for people."""


class PhoneNotInstalledError(PhoneError):
    """pjsua2 cannot be imported."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"no SIP user agent: pjsua2 cannot be imported ({reason}); "
            "install the extra with `pip install 'helpline181[phone]'`"
        )


class AddressError(PhoneError):
    """The telephone could not be bound to its local address."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(
            f"the telephone cannot use the local address {address} ({reason}); "
            "choose another one with --bind, a loopback address such as 127.0.0.2"
        )


class CallFailedError(PhoneError):
    """A call ended before it was answered. `code` is the SIP status (0: no status at all)."""

    def __init__(self, dialled: str, code: int, reason: str, remedy: str = "") -> None:
        self.code = code
        self.reason = reason
        cause = f"{code} {reason}".strip() if code else reason or "no answer"
        tail = f"; {remedy}" if remedy else ""
        super().__init__(f"the call to {dialled} failed: {cause}{tail}")


class NobodyListensError(CallFailedError):
    """Nothing answers SIP at the address called."""

    def __init__(self, dialled: str, via: str, code: int, reason: str) -> None:
        super().__init__(
            dialled,
            code,
            reason,
            f"nobody listens at {via}; start the centre with `make demo` or `helpline asterisk run`, "
            "or name it with --host and --port",
        )


class RegistrationError(PhoneError):
    """The registrar refused the telephone, or did not answer."""

    def __init__(self, extension: str, via: str, code: int, reason: str) -> None:
        self.code = code
        super().__init__(
            f"extension {extension} cannot register at {via}: {code} {reason}; "
            "check that the centre runs and that extension and password are the ones it knows"
        )


class NotHeardError(PhoneError):
    """A prompt or an event that was waited for did not come within its limit."""

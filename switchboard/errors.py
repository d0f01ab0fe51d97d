"""The one error that people see from this room."""


class SwitchboardError(Exception):
    """The link to Asterisk's manager interface failed; str() is one line with cause and remedy."""


class LoginRefusedError(SwitchboardError):
    """Asterisk answered and refused the user name or the secret: trying again cannot help."""

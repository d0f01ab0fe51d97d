"""What every command can ask for: the settings and the places below the state directory."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dialplan.settings import AsteriskSettings
    from helpline.settings import Settings


class App:
    """The context object of the command line. Settings are read on first use: ``--help`` never fails."""

    def __init__(self, config: Path | None = None, settings: Settings | None = None) -> None:
        self._config = config
        if settings is not None:
            self.__dict__["settings"] = settings

    @cached_property
    def settings(self) -> Settings:
        """The settings in force. Raises `helpline.errors.SettingsError`."""
        from helpline.settings import load

        return load(self._config)

    @property
    def settings_file(self) -> Path:
        """The file the settings are read from; it may not be there."""
        from helpline.settings import chosen_file

        return chosen_file(self._config)[0]

    @property
    def state_dir(self) -> Path:
        """Below it is everything the service keeps; made on first start."""
        return self.settings.state_dir

    @property
    def directory(self) -> Path:
        """Directory editions."""
        return self.state_dir / "directory"

    @property
    def asterisk_runtime(self) -> Path:
        """Configuration, spool, logs and sockets of the private Asterisk."""
        return self.state_dir / "asterisk"

    @property
    def exchange(self) -> AsteriskSettings:
        """The settings of Asterisk, its recordings kept beside the records unless set otherwise."""
        settings = self.settings.asterisk
        if settings.recordings_dir == Path():
            return replace(settings, recordings_dir=self.state_dir / "recordings")
        return settings

    @property
    def secrets_file(self) -> Path:
        """Generated secrets, mode 0600."""
        return self.state_dir / "secrets.json"

    @property
    def spool(self) -> Path:
        """What the database could not take yet."""
        return self.state_dir / "spool"

    @property
    def desk_spool(self) -> Path:
        """The same, of a desk in a process of its own."""
        return self.spool / "desk"

    @property
    def records_url(self) -> str:
        """Database address: as set, else SQLite in the state directory."""
        return self.settings.records.url or f"sqlite:///{self.state_dir / 'records.sqlite'}"

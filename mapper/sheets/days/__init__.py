"""Closed days and holidays as offices and the State write them. Start reading in `day_sheets`."""

"""Files as offices keep them, CSV and workbooks old and new, read into grids of raw cells.

Start reading in `workbook` and `csv_grid`.
"""

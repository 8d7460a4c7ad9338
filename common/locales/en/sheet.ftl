# sheet
problem-sheet-empty = The file holds nothing. Check that it is the right one.
problem-sheet-not_a_workbook = This file can't be opened: it is not a workbook, or is damaged. Save it as .xlsx and try again.
problem-sheet-old_format = This is a workbook in the old format (.xls). Save it as .xlsx and try again.
problem-sheet-encrypted = The workbook needs a password to open. Save it without one and try again.
problem-sheet-too_large = The workbook is too large; at most { $most }. Split it into several files.
problem-sheet-too_many_rows = Sheet “{ $sheet }” has more than { $most } rows. Split it into several files.
problem-sheet-too_many_columns = Sheet “{ $sheet }” has more than { $most } columns. Remove those that are not needed.
problem-sheet-no_header = No header row was found; it should have a column “{ $column }”. Compare with the template.
problem-sheet-column_missing = The column “{ $column }” is missing. Add it to this header row, or compare with the template.
problem-sheet-lost_digits = This number is so long that Excel dropped its last digits. Make the cell text and enter it again.
problem-sheet-became_a_date = Excel made this a date. Make the cell text and enter it again.
problem-sheet-formula_error = The formula failed; replace it with a value.
problem-sheet-too_many_decimals = At most { $most } decimals.
problem-sheet-number_too_large = This number is too large.
problem-sheet-not_whole = Enter a whole number.
problem-sheet-not_yes_or_no = Enter yes or no.

# billing

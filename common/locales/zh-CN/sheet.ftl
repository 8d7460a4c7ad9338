# 表格
problem-sheet-empty = 文件里没有内容。请检查选的是不是对的文件。
problem-sheet-not_a_workbook = 打不开这个文件：它不是表格，或已损坏。请用 Excel 或 WPS 另存为 .xlsx 再试。
problem-sheet-old_format = 这是旧格式的表格（.xls）。请用 Excel 或 WPS 另存为 .xlsx 再试。
problem-sheet-encrypted = 表格设了打开密码。请去掉密码，另存后再试。
problem-sheet-too_large = 表格太大，最多 { $most }。请分成几个文件导入。
problem-sheet-too_many_rows = 表格「{ $sheet }」的行数超过 { $most }。请分成几个文件导入。
problem-sheet-too_many_columns = 表格「{ $sheet }」的列数超过 { $most }。请删掉多余的列。
problem-sheet-no_header = 找不到表头，应有「{ $column }」一列。请下载模板对照。
problem-sheet-column_missing = 缺少「{ $column }」一列。请在表头这一行加上，或下载模板对照。
problem-sheet-lost_digits = 数字太长，Excel 已丢掉了末尾几位。请把单元格设为文本，重新填写。
problem-sheet-became_a_date = Excel 把这里变成了日期。请把单元格设为文本，重新填写。
problem-sheet-formula_error = 公式出错了，请改成数值。
problem-sheet-too_many_decimals = 最多 { $most } 位小数。
problem-sheet-number_too_large = 数字太大。
problem-sheet-not_whole = 请填整数。
problem-sheet-not_yes_or_no = 请填「是」或「否」。

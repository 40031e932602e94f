"""人员导入导出: an office's own ledger goes in without retyping, and out again in the same shapes.

Used by `songgang import people`, `songgang export people` and the staff pages. From the file to the ledger:
`ledger_file` opens it (`workbook` reads large ones as a stream), `columns` guesses what its columns mean,
`staging` keeps its rows under seal, `running` goes through them chunk by chunk: `rows` reads (pure),
`judging` compares with the ledger, `placing` finds the household, `writing` writes; `undoing` takes it back.
"""

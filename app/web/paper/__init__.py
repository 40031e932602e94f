"""墙上的纸: posters and job lists for a village's board, as PDF (DOMAIN A1, A2).

`content` gathers what a village's papers say, `poster` and `board` lay it out, `sheet` is the drawing paper,
`fonts` finds a Chinese font on the machine. Used by `songgang posters` and by the staff's page of papers.
"""

/* +++
answers = "Which columns of a table do the office's files have? One that is absent is no data; an empty cell is none."
+++ */
select "column",
from given_columns
where "table" = $table
order by "column"

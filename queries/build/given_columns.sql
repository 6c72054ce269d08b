/* +++
answers = "which columns the office's files have: an absent column is no data, an empty cell is none"
+++ */
create table given_columns as
select distinct "table", "column",
from given
order by "table", "column"

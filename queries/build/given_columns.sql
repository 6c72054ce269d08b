/* +++
answers = "which columns the office's files of a region, table and period have: an absent column is no data, an empty cell is none"
+++ */
create table given_columns as
select distinct region_id, "table", period, "column",
from given
order by region_id, "table", period, "column"

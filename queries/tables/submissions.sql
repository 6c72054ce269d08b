/* +++
answers = "one row = one quarter, table and department"
+++ */
create table submissions as
select
    region_id,
    quarter,
    "table",
    department_id,
    received_on,
from read_parquet($files, union_by_name = true)
order by region_id, quarter, "table", department_id

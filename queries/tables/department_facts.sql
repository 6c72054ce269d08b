/* +++
answers = "one row = one department in one quarter"
+++ */
create table department_facts as
select
    region_id,
    quarter,
    department_id,
    staff,
    transactions,
    budget_10k,
    key_supervision,
from read_parquet($files, union_by_name = true)
order by region_id, quarter, department_id

/* +++
answers = "one row = one period, department, channel and category"
+++ */
create table complaints as
select
    region_id,
    quarter,
    month,
    department_id,
    channel,
    category,
    received,
    closed,
    substantiated,
    handled_on_time,
    dissatisfied,
    rated,
    consultations,
    basis,
from read_parquet($files, union_by_name = true)
order by region_id, quarter, month, department_id, channel, category

/* +++
answers = "one row = one year, department, kind and dimension"
+++ */
create table assessments as
select
    region_id,
    year,
    department_id,
    kind,
    dimension,
    score,
    self_score,
    pass_mark,
    assessed_on,
from read_parquet($files, union_by_name = true)
order by region_id, year, department_id, kind, dimension

/* +++
answers = "one row = one region"
+++ */
create table regions as
select
    region_id,
    name,
    name_en,
    parent_id,
from read_parquet($files, union_by_name = true)
order by region_id

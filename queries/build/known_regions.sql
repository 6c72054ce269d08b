/* +++
answers = "which regions have any figure, also those without departments of their own"
+++ */
create table known_regions as
select distinct region_id,
from judgements
order by region_id

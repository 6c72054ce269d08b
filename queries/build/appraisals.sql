/* +++
answers = "Who rated in a quarter, how uniformly, and how far do the dimensions give one impression?"
+++ */
create table appraisals as
select *,
from computed
order by region_id, quarter

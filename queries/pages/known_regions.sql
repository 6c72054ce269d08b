/* +++
answers = "which regions have any figure, also those without departments of their own"
needs = "words"
+++ */
select distinct region_id,
from judgements
order by region_id

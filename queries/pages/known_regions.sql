/* +++
answers = "which regions have any figure, also those without departments of their own"
needs = "words"
+++ */
select region_id,
from known_regions
order by region_id

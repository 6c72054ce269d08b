/* +++
answers = "what restatements changed, newest first"
needs = "data"
+++ */
select import_id, "table", region_id, period, key, "column", old, new,
from corrections
order by import_id desc, "table", region_id, period, key, "column"

/* +++
answers = "How many powers does a region's catalogue list in all, and does it say since when and until when they are in force?"
needs = "region"
+++ */
select
    count(*) as listed,
    coalesce(bool_or(valid_from is not null or valid_to is not null), false) as has_dates,
from powers
where region_id = $region

/* +++
answers = "which quarters have figures of any of these regions, oldest first"
needs = "words"
+++ */
select distinct quarter,
from quarters
where $regions::varchar[] is null or list_contains($regions::varchar[], region_id)
order by quarter

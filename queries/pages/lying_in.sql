/* +++
answers = "which regions lie in any of these places, the places themselves among them"
needs = "words"
+++ */
select distinct region_id
from places
where $regions::varchar[] is null or list_contains($regions::varchar[], place_id)
order by region_id

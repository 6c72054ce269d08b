/* +++
answers = "How far do the events of a rate pile up in few departments, beside what their exposures alone would make?"
+++ */
create table concentrations as
select *,
from computed
order by indicator, variant, region_id, period, window_quarters, scope, peer_set

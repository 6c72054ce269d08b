/* +++
answers = "Between which limits does chance keep a rate or share, by exposure, in each set of departments that is compared?"
+++ */
create table funnels as
select *,
from computed
order by indicator, variant, region_id, period, window_quarters, scope, peer_set, exposure

/* +++
answers = "What do the ballots of a quarter (or of all) carry: means raw and adjusted, ranks with their uncertainty, bands, by dimension, pooled and composite?"
+++ */
create table standings as
select
    computed.*,
    scores.n_scores,
    scores.n_raters,
    scores.n_ballots,
    scores.scale_min,
    scores.scale_max,
from computed
left join scores
    on computed.region_id = scores.region_id
    and computed.quarter = scores.quarter
    and computed.department_id = scores.department_id
    and scores.dimension = if(computed.variant = 'composite', 'pooled', computed.variant)
order by computed.region_id, computed.quarter, computed.variant, computed.scope, computed.department_id

/* +++
answers = "How far do the events of a rate pile up in few departments of the region or of a kind, beside what chance would make?"
needs = "region"
+++ */
select n, total, top_share, top_expected, gini, gini_by_chance, gini_chance_high,
from concentrations
where
    indicator = $indicator
    and region_id = $region
    and period = $quarter
    and window_quarters = $window
    and ((scope = 'region' and $category is null) or (scope = 'peers' and peer_set = $category))
order by indicator, variant

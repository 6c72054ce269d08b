/* +++
answers = "Between which limits does chance keep a rate or share, by what it is divided by, in each set of departments that is compared?"
needs = "region"
+++ */
select
    peer_set,
    exposure,
    low_95,
    high_95,
    low_998,
    high_998,
    benchmark,
    tau2,
from funnels
where
    indicator = $indicator
    and variant = $variant
    and region_id = $region
    and period = $quarter
    and window_quarters = $window
    -- who has too few peers is compared with the whole region, whose line stands under that scope alone
    and scope = if($scope = 'peers' and peer_set <> '*', 'peers', 'region')
order by peer_set, exposure

/* +++
answers = "Between which limits does chance keep the complaints per 100 staff of a quarter, by staff, in each set of departments that is compared?"
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
    indicator = 'complaint_rate'
    and variant = ''
    and region_id = $region
    and period = $quarter
    and window_quarters = $window
    -- who has too few peers is compared with the whole region, whose line stands under that scope alone
    and scope = if($scope = 'peers' and peer_set <> '*', 'peers', 'region')
order by peer_set, exposure

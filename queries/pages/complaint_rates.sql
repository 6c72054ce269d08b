/* +++
answers = "How many complaints had each department of a quarter for its size, between which limits, and how often was it supervised meanwhile?"
needs = "departments"
+++ */
with
listed as (
    select q.department_id, if($scope = 'peers', p.peer_set, '*') as peer_set,
    from department_quarters as q
    inner join peer_sets as p
        on p.region_id = q.region_id and p.quarter = q.quarter and p.department_id = q.department_id
    where q.region_id = $region and q.quarter = $quarter
),

judged as (
    select j.*,
    from judgements as j
    where
        j.indicator in ('complaint_rate', 'complaints_received', 'supervision_activities')
        and j.region_id = $region
        and j.period = $quarter
        and j.scope = $scope
        and j.window_quarters = $window
)

select
    l.department_id,
    l.peer_set,
    rate.value::double as value,
    rate.numerator::double as numerator,
    rate.denominator::double as denominator,
    rate.low::double as low,
    rate.high::double as high,
    rate.limit_low_95::double as limit_low_95,
    rate.limit_high_95::double as limit_high_95,
    rate.limit_low_998::double as limit_low_998,
    rate.limit_high_998::double as limit_high_998,
    rate.outcome,
    rate.note,
    received.value::double as received,
    received.note as received_note,
    supervised.value::double as activities,
    supervised.note as activities_note,
from listed as l
left join judged as rate on rate.department_id = l.department_id and rate.indicator = 'complaint_rate'
left join judged as received on received.department_id = l.department_id and received.indicator = 'complaints_received'
left join judged as supervised
    on supervised.department_id = l.department_id and supervised.indicator = 'supervision_activities'
order by l.department_id

/* +++
answers = "Each department's value and place by one indicator in a quarter and in the one before, among its peers or in the region."
needs = "departments"
+++ */
with
-- each quarter ranks those who stood in it
listed as (
    select
        q.quarter,
        q.department_id,
        if($scope = 'peers', p.peer_set, '*') as peer_set,
    from department_quarters as q
    inner join peer_sets as p
        on p.region_id = q.region_id and p.quarter = q.quarter and p.department_id = q.department_id
    where q.region_id = $region and q.quarter in ($quarter, $previous)
),

judged as (
    select j.*,
    from judgements as j
    where
        j.indicator = $indicator
        and j.variant = $variant
        and j.region_id = $region
        and j.period in ($quarter, $previous)
        and j.scope = $scope
        and j.window_quarters = $window
),

measured as (
    select
        j.*,
        l.peer_set as ranked_in,
        -- a rate on a handful of events says nothing of the department
        j.value is not null and not j.is_few as is_ranked,
        -- equal to nine digits is equal: what sums of fractions leave behind must not order departments
        round(case when $ascending then j.value else -j.value end, 9) as key,
    from judged as j
    inner join listed as l on l.department_id = j.department_id and l.quarter = j.period
),

ranked as (
    select
        *,
        -- who has too few peers has a place in the whole region
        if(ranked_in = '*', rank() over region, rank() over peers) as own_place,
        if(is_ranked, own_place, null) as place,
        if(
            ranked_in = '*',
            count(*) filter (where is_ranked) over (partition by period),
            count(*) filter (where is_ranked) over (partition by period, ranked_in)
        ) as n_ranked,
    from measured
    window
        region as (partition by period, is_ranked order by key),
        peers as (partition by period, is_ranked, ranked_in order by key)
)

select
    l.department_id,
    l.peer_set,
    now.value::double as value,
    now.numerator::double as numerator,
    now.denominator::double as denominator,
    now.n::double as n,
    now.low::double as low,
    now.high::double as high,
    now.benchmark::double as benchmark,
    now.limit_low_95::double as limit_low_95,
    now.limit_high_95::double as limit_high_95,
    now.limit_low_998::double as limit_low_998,
    now.limit_high_998::double as limit_high_998,
    now.eb::double as eb,
    now.outcome,
    now.variation,
    now.note,
    now.place::double as place,
    now.n_ranked::double as n_ranked,
    before.value::double as previous_value,
    before.place::double as previous_place,
    before.note as previous_note,
from listed as l
left join ranked as now on now.department_id = l.department_id and now.period = l.quarter
left join ranked as before on before.department_id = l.department_id and before.period = $previous
where l.quarter = $quarter
order by place nulls last, l.department_id

/* +++
answers = "How much power does each department hold, and how far is it held to answer for it, both as the mean of percentile ranks within the region?"
+++ */
create table power_indexes as
with held as (
    select
        region_id,
        quarter,
        department_id,
        sum(case risk_level when 'A' then 3 when 'B' then 2 when 'C' then 1 end)::double as weighted_powers,
        round(sum(annual_amount_10k), 6)::double as annual_amount_10k,
        sum(annual_uses)::double as annual_uses,
        -- what is given of some powers and not of others would make the sum, and the power, look small
        count(*) filter (where risk_level in ('A', 'B', 'C')) not in (0, count(*))
            or count(annual_amount_10k) not in (0, count(*))
            or count(annual_uses) not in (0, count(*)) as is_partial,
        100.0 * count(*) filter (where published) / count(*) as published_share,
    from powers_in_force
    group by region_id, quarter, department_id
),

-- who has a part of the window only is not ranked among those who have all of it
whole_activities as (
    select *,
    from window_activities
    where length = 4 and department_id <> '*'
    qualify kept_quarters = max(kept_quarters) over (partition by region_id, quarter)
),

whole_cases as (
    select *,
    from window_cases
    where length = 8 and department_id <> '*' and untold = 0
    qualify reported_quarters = max(reported_quarters) over (partition by region_id, quarter)
),

-- whose cases leave cells empty, or a part of the time, would look less held to account than others who have the part
cases_incomplete as (
    select region_id, quarter, department_id,
    from window_cases
    semi join whole_cases using (region_id, quarter)
    anti join whole_cases as told using (region_id, quarter, department_id)
    where length = 8 and department_id <> '*'
),

whole_powers as (
    select *,
    from held
    where not is_partial
),

parts as (
    select region_id, quarter, department_id, 'power' as side, 'weighted_powers' as part, weighted_powers as amount,
    from whole_powers
    union all
    select region_id, quarter, department_id, 'power', 'annual_amount_10k', annual_amount_10k,
    from whole_powers
    union all
    select region_id, quarter, department_id, 'power', 'annual_uses', annual_uses,
    from whole_powers
    union all
    select region_id, quarter, department_id, 'answer', 'published_share', published_share,
    from held
    union all
    select region_id, quarter, department_id, 'answer', 'activities', activities::double,
    from whole_activities
    union all
    select region_id, quarter, department_id, 'answer', 'findings', findings::double,
    from whole_activities
    union all
    select region_id, quarter, department_id, 'answer', 'sanctioned', (leaders_accountable + cases_sanctioned)::double,
    from whole_cases
),

-- those with equal amounts share the middle of their ranks, so that many zeros are not all last
ranked as (
    select
        *,
        rank() over amounts - 1 + (count(*) over tied - 1) / 2.0 as position,
        count(*) over (partition by region_id, quarter, part) as n_ranked,
    from parts
    where amount is not null
    window
        amounts as (partition by region_id, quarter, part order by amount),
        tied as (partition by region_id, quarter, part, amount)
)

select
    region_id,
    quarter,
    department_id,
    -- rounded: equals must stay equal in whatever order a sum was made, for they are compared
    round(avg(100 * position / nullif(n_ranked - 1, 0)) filter (where side = 'power'), 6) as power_index,
    if(
        bool_or(incomplete.department_id is not null),
        null,
        round(avg(100 * position / nullif(n_ranked - 1, 0)) filter (where side = 'answer'), 6)
    ) as answerability_index,
    max(amount) filter (where part = 'weighted_powers') as weighted_powers,
    max(amount) filter (where part = 'annual_amount_10k') as annual_amount_10k,
    max(amount) filter (where part = 'annual_uses') as annual_uses,
    max(amount) filter (where part = 'activities')::bigint as activities,
    max(amount) filter (where part = 'findings')::bigint as findings,
    max(amount) filter (where part = 'sanctioned')::bigint as sanctioned,
    max(amount) filter (where part = 'published_share') as published_share,
    coalesce(any_value(held.is_partial), false) as is_partial,
    bool_or(incomplete.department_id is not null) as is_answerability_partial,
from ranked
left join held using (region_id, quarter, department_id)
left join cases_incomplete as incomplete using (region_id, quarter, department_id)
group by region_id, quarter, department_id
order by region_id, quarter, department_id

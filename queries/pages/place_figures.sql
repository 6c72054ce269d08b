/* +++
answers = "What do several places ('part'), and one ('all') with the departments of its own ('own'), have in a quarter or in the year up to it of everything that can be added up, and how many counties stand behind that? Every record counts once"
needs = "region"
+++ */
with parents as (
    select distinct place_id
    from places
    where distance > 0
),

-- Of whom every region in it is not for whoever asks, the sum less its other parts would tell those.
hidden as (
    select distinct place_id
    from places
    where region_id not in (select unnest($regions::varchar[]))
),

-- which regions' figures make each row
members as (
    select 'part' as role, place_id, region_id
    from places
    where
        ($places::varchar[] is null or place_id in (select unnest($places::varchar[])))
        and ($regions::varchar[] is null or place_id not in (from hidden))
    union all
    select distinct 'all', $within::varchar, region_id
    from places
    where
        ($within is null or place_id = $within)
        and ($regions is null or $within not in (from hidden))
    union all
    select 'own', place_id, place_id
    from parents
    where place_id = $within
),

lengths as (
    select coalesce($window, 4) as length
),

-- which quarters of a region its figure of each is made of
spans as (
    select
        shown.region_id,
        shown.quarter,
        shown.as_of < shown.last_day as is_early,
        member.quarter as member,
        lengths.length,
    from quarters as shown
    cross join lengths
    inner join quarters as member
        on shown.region_id = member.region_id
        and member.first_day between shown.first_day - to_months(3 * (lengths.length - 1)::integer) and shown.first_day
    where
        ($quarters::varchar[] is null or list_contains($quarters::varchar[], shown.quarter))
        and shown.region_id in (select region_id from members)
),

there as (
    select
        region_figures.* exclude (quarter, kind, is_due),
        spans.quarter,
        spans.member,
        -- what was due after the import is not known: who was read in the middle of the quarter is beside nobody
        region_figures.is_due and spans.is_early as is_early,
        -- staff is a stock: a quarter of each makes staff-years
        if(region_figures.kind = 'rate', spans.length, 1) as share,
        if(region_figures.kind = 'state', 1, spans.length) as fewest,
    from region_figures
    inner join spans on region_figures.region_id = spans.region_id and region_figures.quarter = spans.member
    where
        ($figure is null or region_figures.indicator = $figure)
        -- what stands at the end of a quarter is the same whichever quarters are looked at
        and (region_figures.kind <> 'state' or spans.member = spans.quarter)
),

-- A figure that a region states for itself as a whole stands for its departments; where regions below have the figure
-- of that quarter, it would count them twice, and the parts are added up instead.
stated as (
    select distinct region_id, indicator, member
    from there
    where
        is_stated
        and (region_id, indicator, member) not in (
            select (places.place_id, deeper.indicator, deeper.member),
            from places
            inner join there as deeper on places.region_id = deeper.region_id
            where places.distance > 0 and places.place_id in (select region_id from there where is_stated)
        )
),

-- each quarter by what it has
chosen as (
    select there.*
    from there
    left join stated
        on there.region_id = stated.region_id
        and there.indicator = stated.indicator
        and there.member = stated.member
    where there.is_stated = (stated.region_id is not null)
),

of_region as (
    select
        region_id,
        quarter,
        indicator,
        sum(numerator)::double as numerator,
        sum(denominator / share)::double as denominator,
        -- from a year and its other quarters that of one department alone could be told
        coalesce(min(departments) filter (where departments > 0), 0) as departments,
        bool_or(is_partial) as is_partial,
        count(*) < max(fewest) as is_short,
        bool_or(is_early) as is_early,
    from chosen
    group by region_id, quarter, indicator
)

select
    members.role,
    members.place_id as region_id,
    of_region.quarter,
    of_region.indicator,
    sum(of_region.numerator) as numerator,
    sum(of_region.denominator) as denominator,
    sum(of_region.departments)::bigint as departments,
    count(*) filter (where levels.level = 'county') as n_counties,
    bool_or(of_region.is_partial) as is_partial,
    bool_or(of_region.is_short) as is_short,
    bool_or(of_region.is_early) as is_early,
from members
inner join of_region on members.region_id = of_region.region_id
inner join levels on members.region_id = levels.region_id
group by members.role, members.place_id, of_region.quarter, of_region.indicator
order by members.place_id, members.role, of_region.quarter, of_region.indicator

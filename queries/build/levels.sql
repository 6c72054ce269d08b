/* +++
answers = "Which regions are counties, and so compared with one another, which lie above them and which below? The table of regions names no level: a county is the uppermost that is called one or has nothing below it but towns"
+++ */
create table levels as
with named as (
    select places.region_id, coalesce(regions.name, '') as name,
    from places
    left join regions on places.region_id = regions.region_id
    where places.distance = 0
),

-- 景德镇 has districts below it, 宁乡 is a county without its word
towns as (
    select region_id
    from named
    where
        regexp_matches(name, '(..[乡镇]|街道|街道办事处|苏木| Town| Township| Subdistrict)$')
        and region_id not in (select place_id from places where distance > 0)
),

likely as (
    select region_id
    from named
    where
        regexp_matches(name, '(县|旗| County| Banner)$')
        or region_id not in (
            select place_id
            from places
            where distance > 0 and region_id not in (select region_id from towns)
        )
),

inside as (
    select region_id
    from places
    where distance > 0 and place_id in (select region_id from likely)
)

select
    region_id,
    case
        when region_id in (select region_id from inside) then 'below'
        when region_id in (select region_id from likely) then 'county'
        else 'above'
    end as level,
from named
order by region_id

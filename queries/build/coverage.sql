/* +++
answers = "how much a composite must cover, by the office's settings of the day it was built"
+++ */
create table coverage as
select
    $fewest_dimensions::double as fewest_dimensions,
    $fewest_ballots::bigint as fewest_ballots

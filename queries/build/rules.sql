/* +++
answers = "by which of the office's settings were scores ranked when the snapshot was built"
+++ */
create table rules as
select
    $fewest_dimensions::double as fewest_dimensions,
    $fewest_ballots::bigint as fewest_ballots,
    $fewest_peers::bigint as fewest_peers,
    $red_line::double as red_line

/* +++
answers = "One row a note pinned to a quarter, or the withdrawal of one; of two withdrawals of the same note the second cannot be kept"
+++ */
create table notes (
    number integer primary key autoincrement,
    region_id text not null,
    department_id text not null, -- '*' for the whole region
    quarter text not null, -- the quarter that it is pinned to
    kind text not null check (kind in ('note', 'baseline', 'withdrawal')),
    indicator text not null check (kind = 'baseline' or indicator = ''), -- of a baseline; '' for every indicator
    withdraws integer unique check ((kind = 'withdrawal') = (withdraws is not null)), -- number of the note
    text text not null check (text <> ''), -- of a baseline and a withdrawal the reason
    who text not null check (who <> ''),
    at text not null, -- UTC
    snapshot text not null, -- what was looked at, and its quarter
    seen_quarter text not null
) strict

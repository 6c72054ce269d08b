/* +++
answers = "One row a reply of a department to a flag; a correction is a reply of its own"
+++ */
create table replies (
    number integer primary key autoincrement,
    rule text not null,
    region_id text not null,
    department_id text not null,
    since text not null,
    until text not null,
    text text not null check (text <> ''),
    who text not null check (who <> ''),
    at text not null,
    received text not null, -- the day on which the office had it, or ''
    snapshot text not null,
    quarter text not null
) strict

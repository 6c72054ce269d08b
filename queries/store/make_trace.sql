/* +++
answers = "One row a thing that somebody did; each has the hash over itself and the row before"
+++ */
create table trace (
    number integer primary key autoincrement,
    at text not null, -- UTC
    actor text not null, -- the name of the account, or of whoever ran a command; '' for nobody known
    role text not null,
    address text not null,
    action text not null check (action <> ''),
    what text not null,
    result text not null check (result in ('done', 'refused', 'failed')),
    detail text not null,
    hash text not null check (length(hash) = 64)
) strict

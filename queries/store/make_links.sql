/* +++
answers = "One row a device link that nobody has used yet; of its token only the SHA-256"
+++ */
create table links (
    token text primary key,
    name text not null references accounts (name),
    made_at text not null
) strict

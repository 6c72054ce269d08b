/* +++
answers = "Nobody can update a note, not even by hand"
+++ */
create trigger notes_without_update before update on notes
begin
    select raise(abort, 'what was recorded stays as it is');
end

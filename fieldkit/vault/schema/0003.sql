-- Of a step to go back to only what differs from the step before is kept, where that is much less than the whole: a
-- long account would grow the vault by all of it with every few seconds of writing. `whole` is the last step before it
-- that is kept whole, from which it is put together; NULL where `answers` and `unread` are whole themselves.
ALTER TABLE draft_step ADD COLUMN whole INTEGER;
ALTER TABLE discarded_step ADD COLUMN whole INTEGER;

-- The journal only grows.
CREATE FUNCTION journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the journal only grows'; END $$;
CREATE TRIGGER credit_transaction_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_transaction FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER credit_transfer_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_transfer FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();

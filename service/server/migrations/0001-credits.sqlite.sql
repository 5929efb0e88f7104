-- The journal only grows.
CREATE TRIGGER credit_transaction_kept BEFORE UPDATE ON credit_transaction BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER credit_transaction_stays BEFORE DELETE ON credit_transaction BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER credit_transfer_kept BEFORE UPDATE ON credit_transfer BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER credit_transfer_stays BEFORE DELETE ON credit_transfer BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;

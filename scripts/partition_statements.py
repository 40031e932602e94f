"""What `scripts/partition_by_city` says to PostgreSQL."""

from typing import Final

KEEP_KEYS: Final = """
CREATE TABLE people_keys (
    id bigint CONSTRAINT pk_people_keys PRIMARY KEY,
    region_code varchar(12) NOT NULL,
    id_index varchar(64) CONSTRAINT uq_people_keys_id_index UNIQUE
);
COMMENT ON TABLE people_keys IS 'one row a person, kept by triggers: what must be unique in all cities';

CREATE FUNCTION people_keep_key() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept varchar;
    is_there boolean;
    there text := 'SELECT EXISTS (SELECT FROM %s WHERE id = $1 AND region_code = $2)';
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM people_keys;
        RETURN NULL;
    ELSIF TG_OP = 'DELETE' THEN
        -- A row that moves to another city is already there, and its key with it.
        SELECT region_code INTO kept FROM people_keys WHERE id = OLD.id;
        EXECUTE format(there, TG_ARGV[0]::oid::regclass) INTO is_there USING OLD.id, kept;
        IF NOT is_there THEN
            DELETE FROM people_keys WHERE id = OLD.id;
        END IF;
        RETURN NULL;
    END IF;
    INSERT INTO people_keys (id, region_code, id_index) VALUES (NEW.id, NEW.region_code, NEW.id_index)
        ON CONFLICT (id) DO NOTHING;
    IF FOUND THEN
        RETURN NEW;
    END IF;
    SELECT region_code INTO kept FROM people_keys WHERE id = NEW.id;
    -- In the same place the primary key tells; a row that comes from another city is no longer there.
    IF TG_OP = 'INSERT' AND kept <> NEW.region_code THEN
        EXECUTE format(there, TG_ARGV[0]::oid::regclass) INTO is_there USING NEW.id, kept;
        IF is_there THEN
            RAISE unique_violation USING MESSAGE = 'a person with this id is there', CONSTRAINT = 'pk_people';
        END IF;
    END IF;
    UPDATE people_keys SET region_code = NEW.region_code, id_index = NEW.id_index
        WHERE id = NEW.id AND (region_code, id_index) IS DISTINCT FROM (NEW.region_code, NEW.id_index);
    RETURN NEW;
END $$;
"""
KEY_TRIGGERS: Final = """
CREATE TRIGGER keep_key BEFORE INSERT ON people_twin FOR EACH ROW EXECUTE FUNCTION people_keep_key({oid});
CREATE TRIGGER keep_key_changed AFTER UPDATE OF id_index, region_code ON people_twin FOR EACH ROW
    EXECUTE FUNCTION people_keep_key({oid});
CREATE TRIGGER keep_key_gone AFTER DELETE ON people_twin FOR EACH ROW EXECUTE FUNCTION people_keep_key({oid});
CREATE TRIGGER keep_key_emptied AFTER TRUNCATE ON people_twin FOR EACH STATEMENT
    EXECUTE FUNCTION people_keep_key({oid});
"""
MIRROR: Final = """
CREATE OR REPLACE FUNCTION people_mirror() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM people_twin WHERE id = OLD.id AND NOT EXISTS (SELECT FROM people WHERE id = OLD.id);
        RETURN NULL;
    END IF;
    UPDATE people_twin SET ({columns}) = ROW({new}) WHERE id = NEW.id;
    IF NOT FOUND THEN
        INSERT INTO people_twin ({columns}) VALUES ({new});
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER mirror AFTER INSERT OR UPDATE OR DELETE ON people
    FOR EACH ROW EXECUTE FUNCTION people_mirror();
"""


LIKE: Final = "LIKE people INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS INCLUDING STORAGE"
COLUMNS: Final = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"""
INDEXES: Final = """
SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = %s::regclass AND NOT i.indisunique ORDER BY c.relname"""
INDEX_NAMES: Final = """
SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = %s::regclass ORDER BY c.relname"""
KEYS_TO: Final = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0 AND confrelid = to_regclass(%s)
AND conrelid::regclass::text NOT IN ('people', 'people_twin', 'people_before')
ORDER BY 1, 2"""
KEYS_OF: Final = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0 AND conrelid = %s::regclass ORDER BY conname"""
CITIES: Final = """
SELECT DISTINCT left(code, 4) FROM regions WHERE length(code) = 6 AND right(code, 4) <> '0000'
AND left(code, 2) IN (SELECT DISTINCT left(region_code, 2) FROM people) ORDER BY 1"""
COPY_KEYS: Final = """
INSERT INTO people_keys SELECT id, region_code, id_index FROM people
WHERE id > {low} AND id <= {high} ORDER BY id FOR SHARE ON CONFLICT (id) DO NOTHING"""
COPY_ROWS: Final = """
INSERT INTO people_twin ({columns}) SELECT {columns} FROM people AS p
WHERE id > {low} AND id <= {high} AND NOT EXISTS (
    SELECT FROM people_twin AS t
    WHERE t.id = p.id AND t.region_code = p.region_code AND t.id > {low} AND t.id <= {high})
ORDER BY id FOR SHARE OF p"""

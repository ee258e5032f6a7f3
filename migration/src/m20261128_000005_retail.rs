//! Retail: worlds, their dimensions, daily facts and neighbours, and imported series.
//!
//! A world is what one generation made. It is written while it is `building`, read when it is `complete`, and taken
//! away when it is `gone`; the triggers hold each of the three to its own. Money is whole cents, so that
//! `total = quantity · unit price` is an exact check. A daily fact's grain (store, product, date) is its primary key;
//! its world and its tenant are those of its store.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::portable;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let backend = manager.get_database_backend();
        for tables in [WORLD, DIMENSIONS, FACTS, WINDOWS, SIGNALS, IMPORTS] {
            db.execute_unprepared(&portable(backend, tables)).await?;
        }
        let triggers = match backend {
            DatabaseBackend::Postgres => postgres_triggers(),
            _ => sqlite_triggers(),
        };
        for trigger in triggers {
            db.execute_unprepared(&trigger).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for table in TABLES_LEAVES_FIRST {
            db.execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            for function in POSTGRES_FUNCTIONS {
                db.execute_unprepared(&format!("DROP FUNCTION {function}()")).await?;
            }
        }
        Ok(())
    }
}

const TABLES_LEAVES_FIRST: [&str; 13] = [
    "imported_series",
    "series_dataset",
    "replenishment_event",
    "sales_returns",
    "exogenous_signal",
    "promotion",
    "price_history",
    "inventory_snapshot_daily",
    "sales_daily",
    "calendar",
    "product",
    "store",
    "world",
];

// A digest is free again once its world is gone, although its rows may still be there. `touched_us` says that somebody
// is at work on a world that is being built or taken away.
const WORLD: &str = "
CREATE TABLE world (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL,
    scenario TEXT NOT NULL,
    seed BIGINT NOT NULL CHECK (seed >= 0),
    config TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    title TEXT NOT NULL CHECK (length(title) >= 1),
    state TEXT NOT NULL CHECK (state IN ('building', 'complete', 'gone')),
    start_date DATE NOT NULL,
    end_date DATE NOT NULL,
    row_counts TEXT,
    first_sale_date DATE,
    last_sale_date DATE,
    created_us BIGINT NOT NULL,
    touched_us BIGINT NOT NULL,
    CHECK (end_date >= start_date),
    CHECK (last_sale_date >= first_sale_date),
    CHECK (state <> 'complete' OR row_counts IS NOT NULL)
);
CREATE UNIQUE INDEX world_digest ON world (tenant_id, digest) WHERE state <> 'gone';
CREATE INDEX world_by_tenant ON world (tenant_id, id);
CREATE INDEX world_unfinished ON world (touched_us) WHERE state <> 'complete';
";

const DIMENSIONS: &str = "
CREATE TABLE store (
    id SURROGATE,
    world_id UUID NOT NULL REFERENCES world (id),
    code TEXT BYTEWISE NOT NULL CHECK (length(code) BETWEEN 1 AND 20),
    name TEXT NOT NULL,
    region TEXT,
    city TEXT,
    store_type TEXT,
    UNIQUE (world_id, code)
);

CREATE TABLE product (
    id SURROGATE,
    world_id UUID NOT NULL REFERENCES world (id),
    sku TEXT BYTEWISE NOT NULL CHECK (length(sku) BETWEEN 1 AND 50),
    name TEXT NOT NULL,
    category TEXT,
    subcategory TEXT,
    brand TEXT,
    base_price_cents BIGINT CHECK (base_price_cents >= 0),
    base_cost_cents BIGINT CHECK (base_cost_cents >= 0),
    pack_size INTEGER CHECK (pack_size > 0),
    lifecycle_stage TEXT
        CHECK (lifecycle_stage IN ('intro', 'growth', 'maturity', 'decline', 'discontinued')),
    launch_date DATE,
    discontinue_date DATE,
    UNIQUE (world_id, sku),
    CHECK (discontinue_date >= launch_date)
);

CREATE TABLE calendar (
    world_id UUID NOT NULL REFERENCES world (id),
    date DATE NOT NULL,
    day_of_week INTEGER NOT NULL CHECK (day_of_week BETWEEN 0 AND 6),
    month INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
    quarter INTEGER NOT NULL CHECK (quarter BETWEEN 1 AND 4),
    year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 9999),
    is_holiday BOOLEAN NOT NULL,
    holiday_name TEXT,
    PRIMARY KEY (world_id, date),
    CHECK (is_holiday OR holiday_name IS NULL)
);
";

// A fact has no key to its product: the triggers hold store and product to one world at less cost than an index of
// millions of rows that nothing else reads.
const FACTS: &str = "
CREATE TABLE sales_daily (
    store_id BIGINT NOT NULL REFERENCES store (id),
    product_id BIGINT NOT NULL,
    date DATE NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    unit_price_cents BIGINT NOT NULL CHECK (unit_price_cents >= 0),
    total_amount_cents BIGINT NOT NULL,
    channel TEXT NOT NULL DEFAULT 'in_store'
        CHECK (channel IN ('in_store', 'online', 'click_collect', 'wholesale')),
    PRIMARY KEY (store_id, product_id, date),
    CHECK (total_amount_cents = quantity * unit_price_cents)
) CLUSTERED;

CREATE TABLE inventory_snapshot_daily (
    store_id BIGINT NOT NULL REFERENCES store (id),
    product_id BIGINT NOT NULL,
    date DATE NOT NULL,
    on_hand_qty BIGINT NOT NULL CHECK (on_hand_qty >= 0),
    on_order_qty BIGINT NOT NULL CHECK (on_order_qty >= 0),
    is_stockout BOOLEAN NOT NULL,
    PRIMARY KEY (store_id, product_id, date),
    CHECK (NOT is_stockout OR on_hand_qty = 0)
) CLUSTERED;

CREATE TABLE sales_returns (
    id SURROGATE,
    store_id BIGINT NOT NULL REFERENCES store (id),
    product_id BIGINT NOT NULL,
    date DATE NOT NULL,
    return_quantity BIGINT NOT NULL CHECK (return_quantity >= 1),
    return_reason TEXT NOT NULL CHECK (return_reason IN
        ('defective', 'wrong_size', 'not_as_described', 'changed_mind', 'damaged_in_transit'))
);
CREATE INDEX sales_returns_by_pair ON sales_returns (store_id, product_id, date);

CREATE TABLE replenishment_event (
    id SURROGATE,
    store_id BIGINT NOT NULL REFERENCES store (id),
    product_id BIGINT NOT NULL,
    date DATE NOT NULL,
    lead_time_days BIGINT NOT NULL CHECK (lead_time_days >= 0),
    ordered_qty BIGINT NOT NULL CHECK (ordered_qty >= 0),
    received_qty BIGINT NOT NULL CHECK (received_qty BETWEEN 0 AND ordered_qty)
);
CREATE INDEX replenishment_by_pair ON replenishment_event (store_id, product_id, date);
";

// A window without a store is chain-wide. The unique keys make \"the latest window that covers the day\" one window.
const WINDOWS: &str = "
CREATE TABLE price_history (
    id SURROGATE,
    product_id BIGINT NOT NULL REFERENCES product (id),
    store_id BIGINT REFERENCES store (id),
    price_cents BIGINT NOT NULL CHECK (price_cents >= 0),
    valid_from DATE NOT NULL,
    valid_to DATE,
    CHECK (valid_to >= valid_from)
);
CREATE UNIQUE INDEX price_history_window ON price_history (product_id, COALESCE(store_id, 0), valid_from);
CREATE INDEX price_history_by_store ON price_history (store_id);

CREATE TABLE promotion (
    id SURROGATE,
    product_id BIGINT NOT NULL REFERENCES product (id),
    store_id BIGINT REFERENCES store (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'pct_off' CHECK (kind IN ('pct_off', 'bogo', 'bundle', 'markdown')),
    discount_pct DOUBLE PRECISION CHECK (discount_pct BETWEEN 0 AND 1),
    discount_amount_cents BIGINT CHECK (discount_amount_cents >= 0),
    bundle_member_product_ids TEXT,
    start_date DATE NOT NULL,
    end_date DATE NOT NULL,
    CHECK (end_date >= start_date),
    CHECK ((kind IN ('bundle', 'bogo')) = (bundle_member_product_ids IS NOT NULL))
);
CREATE UNIQUE INDEX promotion_window ON promotion (product_id, COALESCE(store_id, 0), start_date);
CREATE INDEX promotion_by_store ON promotion (store_id);
";

const SIGNALS: &str = "
CREATE TABLE exogenous_signal (
    id SURROGATE,
    world_id UUID NOT NULL REFERENCES world (id),
    date DATE NOT NULL,
    signal_name TEXT NOT NULL,
    store_id BIGINT REFERENCES store (id),
    is_global BOOLEAN NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    CHECK (is_global = (store_id IS NULL))
);
CREATE UNIQUE INDEX exogenous_signal_global ON exogenous_signal (world_id, signal_name, date)
    WHERE store_id IS NULL;
CREATE UNIQUE INDEX exogenous_signal_of_store ON exogenous_signal (store_id, signal_name, date)
    WHERE store_id IS NOT NULL;
";

// The series are written before their data set, so that they appear at once; therefore they have no key to it.
// `digest` is of the uploaded bytes, `content_digest` of what was read from them: of the digests of all series.
const IMPORTS: &str = "
CREATE TABLE series_dataset (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    content_digest BLOB NOT NULL CHECK (length(content_digest) = 32),
    reading TEXT NOT NULL,
    size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
    series_count BIGINT NOT NULL CHECK (series_count >= 1),
    point_count BIGINT NOT NULL CHECK (point_count >= series_count),
    created_us BIGINT NOT NULL,
    UNIQUE (tenant_id, name, digest, reading)
);
CREATE INDEX series_dataset_by_tenant ON series_dataset (tenant_id, id);

CREATE TABLE imported_series (
    dataset_id UUID NOT NULL,
    ordinal BIGINT NOT NULL CHECK (ordinal >= 0),
    name TEXT NOT NULL,
    point_count BIGINT NOT NULL CHECK (point_count >= 1),
    first_date DATE NOT NULL,
    last_date DATE NOT NULL,
    frequency TEXT NOT NULL
        CHECK (frequency IN ('daily', 'weekly', 'monthly', 'quarterly', 'yearly', 'irregular')),
    points BLOB NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (dataset_id, ordinal),
    UNIQUE (dataset_id, name),
    CHECK (last_date >= first_date)
);
";

const WORLD_KEPT: &str = "a complete world never changes";
const DATASET_KEPT: &str = "a data set never changes";
const PARTS: [&str; 4] = ["store", "product", "calendar", "exogenous_signal"];
const GRAIN: [&str; 4] = ["sales_daily", "inventory_snapshot_daily", "sales_returns", "replenishment_event"];
const PRICED: [&str; 2] = ["price_history", "promotion"];
/// Tables whose key is a number of their own, which `INSERT OR REPLACE` could take over.
const NUMBERED: [&str; 7] = [
    "store",
    "product",
    "exogenous_signal",
    "sales_returns",
    "replenishment_event",
    "price_history",
    "promotion",
];

/// What a world may become, as a condition on the old and the new row that is true of what is refused.
const ILLEGAL_WORLD: &str = "
    NEW.id <> OLD.id OR NEW.tenant_id <> OLD.tenant_id OR NEW.scenario <> OLD.scenario OR NEW.seed <> OLD.seed
    OR NEW.config <> OLD.config OR NEW.digest <> OLD.digest OR NEW.title <> OLD.title
    OR NEW.start_date <> OLD.start_date OR NEW.end_date <> OLD.end_date OR NEW.created_us <> OLD.created_us
    OR (OLD.state <> 'building' AND (NEW.state <> 'gone'
        OR COALESCE(NEW.row_counts, '') <> COALESCE(OLD.row_counts, '')
        OR COALESCE(CAST(NEW.first_sale_date AS TEXT), '') <> COALESCE(CAST(OLD.first_sale_date AS TEXT), '')
        OR COALESCE(CAST(NEW.last_sale_date AS TEXT), '') <> COALESCE(CAST(OLD.last_sale_date AS TEXT), '')))
";

/// `INSERT OR REPLACE` fires no delete trigger, so every insert is looked at.
fn sqlite_triggers() -> Vec<String> {
    let refuse = |name: &str, on: &str, when: &str, why: &str| {
        format!("CREATE TRIGGER {name} BEFORE {on} WHEN {when} BEGIN SELECT RAISE(ABORT, '{why}'); END")
    };
    let mut all = vec![
        refuse(
            "world_insert",
            "INSERT ON world",
            "NEW.state <> 'building' OR EXISTS (SELECT 1 FROM world WHERE id = NEW.id
                OR (tenant_id = NEW.tenant_id AND digest = NEW.digest AND state <> 'gone'))",
            "a world begins new and building",
        ),
        refuse("world_update", "UPDATE ON world", ILLEGAL_WORLD, WORLD_KEPT),
        refuse("world_delete", "DELETE ON world", "OLD.state <> 'gone'", WORLD_KEPT),
    ];
    let state = |world: &str| format!("(SELECT state FROM world WHERE id = {world})");
    let of_store = |row: &str| format!("(SELECT world_id FROM store WHERE id = {row}.store_id)");
    let of_product = |row: &str| format!("(SELECT world_id FROM product WHERE id = {row}.product_id)");
    for table in PARTS.into_iter().chain(GRAIN).chain(PRICED) {
        let world = |row: &str| match table {
            _ if PARTS.contains(&table) => format!("{row}.world_id"),
            _ if GRAIN.contains(&table) => of_store(row),
            _ => of_product(row),
        };
        let mut when = format!("{} IS NOT 'building'", state(&world("NEW")));
        if GRAIN.contains(&table) {
            when += &format!(" OR {} IS NOT {}", of_product("NEW"), of_store("NEW"));
        } else if PRICED.contains(&table) || table == "exogenous_signal" {
            when +=
                &format!(" OR (NEW.store_id IS NOT NULL AND {} IS NOT {})", of_store("NEW"), world("NEW"));
        }
        if NUMBERED.contains(&table) {
            when += &format!(" OR EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)");
        }
        let why = "a row is written into the one world of its store and product, while it is built";
        all.push(refuse(&format!("{table}_insert"), &format!("INSERT ON {table}"), &when, why));
        all.push(refuse(&format!("{table}_update"), &format!("UPDATE ON {table}"), "TRUE", WORLD_KEPT));
        let when = format!("{} IS NOT 'gone'", state(&world("OLD")));
        all.push(refuse(&format!("{table}_delete"), &format!("DELETE ON {table}"), &when, WORLD_KEPT));
    }
    all.extend([
        refuse(
            "series_dataset_insert",
            "INSERT ON series_dataset",
            "EXISTS (SELECT 1 FROM series_dataset WHERE id = NEW.id OR (tenant_id = NEW.tenant_id
                AND name = NEW.name AND digest = NEW.digest AND reading = NEW.reading))",
            DATASET_KEPT,
        ),
        refuse("series_dataset_update", "UPDATE ON series_dataset", "TRUE", DATASET_KEPT),
        refuse(
            "series_dataset_delete",
            "DELETE ON series_dataset",
            "NOT EXISTS (SELECT 1 FROM retention_release WHERE kind = 'object' AND subject = OLD.digest)",
            DATASET_KEPT,
        ),
        refuse(
            "imported_series_insert",
            "INSERT ON imported_series",
            "EXISTS (SELECT 1 FROM series_dataset WHERE id = NEW.dataset_id)
                OR EXISTS (SELECT 1 FROM imported_series WHERE dataset_id = NEW.dataset_id
                    AND (ordinal = NEW.ordinal OR name = NEW.name))",
            DATASET_KEPT,
        ),
        refuse("imported_series_update", "UPDATE ON imported_series", "TRUE", DATASET_KEPT),
        refuse(
            "imported_series_delete",
            "DELETE ON imported_series",
            "EXISTS (SELECT 1 FROM series_dataset d WHERE d.id = OLD.dataset_id AND NOT EXISTS
                (SELECT 1 FROM retention_release WHERE kind = 'object' AND subject = d.digest))",
            DATASET_KEPT,
        ),
    ]);
    all
}

const POSTGRES_FUNCTIONS: [&str; 12] = [
    "world_guard",
    "world_kept",
    "world_part_insert",
    "world_part_delete",
    "world_signal_insert",
    "world_fact_insert",
    "world_fact_delete",
    "world_priced_insert",
    "world_priced_delete",
    "dataset_kept",
    "dataset_delete",
    "imported_series_guard",
];

/// Rows come by thousands, so they are looked at once per statement.
fn postgres_triggers() -> Vec<String> {
    let mut all = vec![POSTGRES_GUARDS.replace("ILLEGAL_WORLD", ILLEGAL_WORLD)];
    let groups =
        [(&PARTS[..], "part", "part"), (&GRAIN[..], "fact", "fact"), (&PRICED[..], "priced", "priced")];
    for (tables, insert, delete) in groups {
        for &table in tables {
            let insert = if table == "exogenous_signal" { "signal" } else { insert };
            all.push(format!(
                "CREATE TRIGGER {table}_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh
                     FOR EACH STATEMENT EXECUTE FUNCTION world_{insert}_insert();
                 CREATE TRIGGER {table}_update BEFORE UPDATE ON {table}
                     FOR EACH ROW EXECUTE FUNCTION world_kept();
                 CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}
                     FOR EACH STATEMENT EXECUTE FUNCTION world_kept();
                 CREATE TRIGGER {table}_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS removed
                     FOR EACH STATEMENT EXECUTE FUNCTION world_{delete}_delete()"
            ));
        }
    }
    all
}

const POSTGRES_GUARDS: &str = "
CREATE FUNCTION world_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'building' THEN RAISE EXCEPTION 'a world begins new and building'; END IF;
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' THEN
        IF ILLEGAL_WORLD THEN RAISE EXCEPTION 'a complete world never changes'; END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'gone' THEN RAISE EXCEPTION 'a complete world never changes'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER world_guard BEFORE INSERT OR UPDATE OR DELETE ON world
FOR EACH ROW EXECUTE FUNCTION world_guard();

CREATE FUNCTION world_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a complete world never changes';
END $$;
CREATE TRIGGER world_truncate BEFORE TRUNCATE ON world FOR EACH STATEMENT EXECUTE FUNCTION world_kept();

CREATE FUNCTION world_part_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM fresh f JOIN world w ON w.id = f.world_id WHERE w.state <> 'building') THEN
        RAISE EXCEPTION 'a row is written into a world while it is built';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION world_part_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM removed f JOIN world w ON w.id = f.world_id WHERE w.state <> 'gone') THEN
        RAISE EXCEPTION 'a complete world never changes';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION world_signal_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM fresh f JOIN world w ON w.id = f.world_id LEFT JOIN store s ON s.id = f.store_id
        WHERE w.state <> 'building' OR s.world_id <> f.world_id) THEN
        RAISE EXCEPTION 'a row is written into the one world of its store and product, while it is built';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION world_fact_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT store_id, product_id FROM fresh) f
        LEFT JOIN store s ON s.id = f.store_id
        LEFT JOIN product p ON p.id = f.product_id AND p.world_id = s.world_id
        LEFT JOIN world w ON w.id = p.world_id AND w.state = 'building'
        WHERE w.id IS NULL) THEN
        RAISE EXCEPTION 'a row is written into the one world of its store and product, while it is built';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION world_fact_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT store_id FROM removed) f JOIN store s ON s.id = f.store_id
        JOIN world w ON w.id = s.world_id WHERE w.state <> 'gone') THEN
        RAISE EXCEPTION 'a complete world never changes';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION world_priced_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM fresh f JOIN product p ON p.id = f.product_id JOIN world w ON w.id = p.world_id
        LEFT JOIN store s ON s.id = f.store_id
        WHERE w.state <> 'building' OR s.world_id <> p.world_id) THEN
        RAISE EXCEPTION 'a row is written into the one world of its store and product, while it is built';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION world_priced_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM removed f JOIN product p ON p.id = f.product_id
        JOIN world w ON w.id = p.world_id WHERE w.state <> 'gone') THEN
        RAISE EXCEPTION 'a complete world never changes';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION dataset_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a data set never changes';
END $$;
CREATE TRIGGER series_dataset_update BEFORE UPDATE ON series_dataset
FOR EACH ROW EXECUTE FUNCTION dataset_kept();
CREATE TRIGGER series_dataset_truncate BEFORE TRUNCATE ON series_dataset
FOR EACH STATEMENT EXECUTE FUNCTION dataset_kept();
CREATE TRIGGER imported_series_truncate BEFORE TRUNCATE ON imported_series
FOR EACH STATEMENT EXECUTE FUNCTION dataset_kept();

CREATE FUNCTION dataset_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM retention_release WHERE kind = 'object' AND subject = OLD.digest) THEN
        RAISE EXCEPTION 'a data set never changes';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER series_dataset_delete BEFORE DELETE ON series_dataset
FOR EACH ROW EXECUTE FUNCTION dataset_delete();

CREATE FUNCTION imported_series_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT 1 FROM series_dataset WHERE id = NEW.dataset_id) THEN
            RAISE EXCEPTION 'a data set never changes';
        END IF;
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM series_dataset d WHERE d.id = OLD.dataset_id
        AND NOT EXISTS (SELECT 1 FROM retention_release WHERE kind = 'object' AND subject = d.digest)) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a data set never changes';
END $$;
CREATE TRIGGER imported_series_guard BEFORE INSERT OR UPDATE OR DELETE ON imported_series
FOR EACH ROW EXECUTE FUNCTION imported_series_guard();
";

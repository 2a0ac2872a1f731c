"""RFM figures of every customer, kept: whoever touches an order, or what decides whether she is in a cell, leaves a mark
in the same transaction. The marks have no key, so that nobody ever waits for who works them off.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = [
    # no reference to customer: a million of them are written at once
    """CREATE TABLE rfm_figure (customer_id UUID PRIMARY KEY, brand_id UUID NOT NULL, store_id UUID NOT NULL,
      last_on DATE NOT NULL, visits BIGINT NOT NULL, minor BIGINT NOT NULL, changed_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX rfm_figure_last ON rfm_figure (brand_id, last_on)",
    """CREATE TABLE rfm_touched (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, brand_id UUID NOT NULL,
      customer_id UUID NOT NULL, due_at TIMESTAMPTZ NOT NULL)""",
    "CREATE INDEX rfm_touched_due ON rfm_touched (brand_id, due_at)",
    "CREATE INDEX rfm_touched_customer ON rfm_touched (customer_id)",
    """CREATE TABLE rfm_state (brand_id UUID PRIMARY KEY REFERENCES brand (id) ON DELETE CASCADE,
      basis JSONB NOT NULL, wanted BOOLEAN NOT NULL DEFAULT false)""",
    # a refund weighs on its sale, whoever brought it back
    """CREATE FUNCTION rfm_orders_written() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO rfm_touched (brand_id, customer_id, due_at)
      SELECT DISTINCT n.brand_id, x.customer_id, now() FROM fresh n
      LEFT JOIN "order" s ON s.id = n.refund_of_id
      CROSS JOIN LATERAL (VALUES (n.customer_id), (s.customer_id)) x (customer_id) WHERE x.customer_id IS NOT NULL;
      RETURN NULL; END $$""",
    """CREATE FUNCTION rfm_orders_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO rfm_touched (brand_id, customer_id, due_at)
      SELECT DISTINCT n.brand_id, x.customer_id, now() FROM old n
      LEFT JOIN "order" s ON s.id = n.refund_of_id LEFT JOIN "order" r ON r.refund_of_id = n.id
      CROSS JOIN LATERAL (VALUES (n.customer_id), (s.customer_id), (r.customer_id)) x (customer_id)
      WHERE x.customer_id IS NOT NULL;
      RETURN NULL; END $$""",
    """CREATE FUNCTION rfm_orders_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO rfm_touched (brand_id, customer_id, due_at)
      SELECT DISTINCT n.brand_id, x.customer_id, now() FROM (SELECT * FROM fresh UNION ALL SELECT * FROM old) n
      LEFT JOIN "order" s ON s.id = n.refund_of_id LEFT JOIN "order" r ON r.refund_of_id = n.id
      CROSS JOIN LATERAL (VALUES (n.customer_id), (s.customer_id), (r.customer_id)) x (customer_id)
      WHERE x.customer_id IS NOT NULL;
      RETURN NULL; END $$""",
    """CREATE FUNCTION rfm_customer_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO rfm_touched (brand_id, customer_id, due_at) VALUES (NEW.brand_id, NEW.id, now());
      RETURN NULL; END $$""",
    """CREATE TRIGGER rfm_orders_written AFTER INSERT ON "order" REFERENCING NEW TABLE AS fresh
      FOR EACH STATEMENT EXECUTE FUNCTION rfm_orders_written()""",
    """CREATE TRIGGER rfm_orders_changed AFTER UPDATE ON "order" REFERENCING NEW TABLE AS fresh OLD TABLE AS old
      FOR EACH STATEMENT EXECUTE FUNCTION rfm_orders_changed()""",
    """CREATE TRIGGER rfm_orders_gone AFTER DELETE ON "order" REFERENCING OLD TABLE AS old
      FOR EACH STATEMENT EXECUTE FUNCTION rfm_orders_gone()""",
    """CREATE TRIGGER rfm_customer_changed AFTER UPDATE OF refusals, level, store_id ON customer FOR EACH ROW
      WHEN (OLD.refusals IS DISTINCT FROM NEW.refusals OR OLD.level IS DISTINCT FROM NEW.level
        OR OLD.store_id IS DISTINCT FROM NEW.store_id)
      EXECUTE FUNCTION rfm_customer_changed()""",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0032_who_comes_with_a_share")]

    operations = [ops.RunSQL(statement) for statement in STATEMENTS]

"""What the models cannot say: partial and unique indexes, and two tables whose key is more than one column."""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = [
    # a line's key is its place in the order; lines live and die with it, and are written and read in bulk
    """CREATE TABLE order_line (
      order_id UUID NOT NULL REFERENCES "order" (id) ON DELETE CASCADE,
      position INT NOT NULL,
      sku TEXT,
      name TEXT,
      quantity NUMERIC(14, 3) NOT NULL,
      unit_price NUMERIC(18, 6),
      total_minor BIGINT NOT NULL,
      PRIMARY KEY (order_id, position))""",
    # what a customer is found by; "C" so that a prefix is a range of the index
    """CREATE TABLE search_token (
      brand_id UUID NOT NULL,
      token TEXT COLLATE "C" NOT NULL,
      customer_id UUID NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
      PRIMARY KEY (brand_id, token, customer_id))""",
    "CREATE INDEX search_token_customer ON search_token (customer_id)",
    "ALTER TABLE customer_stats ADD CONSTRAINT customer_stats_customer FOREIGN KEY (id) REFERENCES customer (id)",
    "CREATE INDEX customer_of_store ON customer (brand_id, store_id, id) WHERE merged_into_id IS NULL",
    "CREATE INDEX customer_of_guide ON customer (brand_id, guide_id, id) WHERE merged_into_id IS NULL",
    "CREATE INDEX customer_of_brand ON customer (brand_id, id) WHERE merged_into_id IS NULL",
    'CREATE INDEX order_of_customer ON "order" (customer_id, placed_at, id) WHERE customer_id IS NOT NULL',
    'CREATE INDEX order_refunds ON "order" (refund_of_id) WHERE refund_of_id IS NOT NULL',
    "CREATE UNIQUE INDEX session_token ON session (token_hash)",
    "CREATE UNIQUE INDEX partner_key_token ON partner_key (token_hash)",
    "CREATE UNIQUE INDEX segment_membership_now ON segment_membership (customer_id) WHERE left_at IS NULL",
    "CREATE INDEX segment_membership_cell ON segment_membership (brand_id, cell, customer_id) WHERE left_at IS NULL",
    "CREATE UNIQUE INDEX task_open_of_customer ON task (customer_id) WHERE state = 'open'",
    "CREATE INDEX task_open_of_assignee ON task (assignee_id, due_at, id) WHERE state = 'open'",
    "CREATE INDEX task_open_of_pool ON task (store_id, due_at, id) WHERE state = 'open' AND assignee_id IS NULL",
    "CREATE INDEX task_remind ON task (remind_at) WHERE state = 'open' AND remind_at IS NOT NULL",
    "CREATE INDEX task_expire ON task (expires_at) WHERE state = 'open'",
    "CREATE INDEX enrolment_wake ON enrolment (wake_at) WHERE wake_at IS NOT NULL",
    "CREATE INDEX enrolment_running ON enrolment (customer_id) WHERE ended_at IS NULL",
    "CREATE INDEX event_waiting ON event (at, id) WHERE dispatched_at IS NULL",
    "CREATE INDEX event_delivery_waiting ON event_delivery (next_at, id) WHERE done_at IS NULL",
    "CREATE INDEX push_delivery_waiting ON push_delivery (next_at) WHERE state = 'pending'",
    "CREATE INDEX inbox_unread ON inbox_message (staff_id) WHERE read_at IS NULL",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0001_initial")]

    operations = [ops.RunSQL(statement) for statement in STATEMENTS]

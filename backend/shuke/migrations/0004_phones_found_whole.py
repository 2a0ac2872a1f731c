"""A phone is found whole or by its last four digits, by an index; its tokens, which told it digit by digit, go."""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = [
    "CREATE INDEX customer_identity_ending ON customer_identity (brand_id, right(value, 4)) WHERE kind = 'phone'",
    # what a name, an alias or a member number says as well stays
    """DELETE FROM search_token t USING (
      SELECT i.customer_id, unnest(ARRAY[digits, right(digits, 8), right(digits, 4)]) COLLATE "C" AS token
      FROM customer_identity i CROSS JOIN LATERAL (
        SELECT regexp_replace(regexp_replace(i.value, '^\\+86', ''), '\\D', '', 'g') AS digits) national
      WHERE i.kind = 'phone') phone
    WHERE t.customer_id = phone.customer_id AND t.token = phone.token
      AND NOT EXISTS (
        SELECT FROM customer_identity i WHERE i.customer_id = t.customer_id AND i.kind <> 'phone'
        AND lower(normalize(i.value, NFKC)) COLLATE "C" = t.token)
      AND NOT EXISTS (
        SELECT FROM customer c CROSS JOIN LATERAL (VALUES (c.name), (c.alias)) v(said)
        WHERE c.id = t.customer_id AND right(lower(normalize(said, NFKC)), length(t.token)) COLLATE "C" = t.token)""",
]


class Migration(migrations.Migration):
    dependencies = [("shuke", "0003_refunds_find_their_sale")]

    operations = [ops.RunSQL(statement) for statement in STATEMENTS]

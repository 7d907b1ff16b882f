SELECT
    "Record ID" AS product_id,
    "Name" AS name,
    "Family" AS family,
    "Unit price" AS list_price,
    "Unit cost" AS unit_cost,
    unnest(attributes),
    source_row
FROM products

SELECT
    trim(split_part("Associated Deal IDs", ';', 1)) AS deal_id,
    row_number() OVER (PARTITION BY "Associated Deal IDs" ORDER BY source_row) AS line_no,
    "Product ID" AS product_id,
    "Quantity" AS quantity,
    "Unit price" AS list_price,
    round(
        as_money("Unit price") * (1 - coalesce(as_number("Discount"), 0) * 0.01)
        - coalesce(as_money("Unit discount"), 0),
        4
    )::DECIMAL(18, 4) AS net_price,
    "Unit cost" AS unit_cost,
    source_row
FROM line_items
ORDER BY source_row

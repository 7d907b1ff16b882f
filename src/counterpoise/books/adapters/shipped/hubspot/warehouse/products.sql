SELECT
    id AS product_id,
    property_name AS name,
    property_hs_product_type AS family,
    property_price AS list_price,
    property_hs_cost_of_goods_sold AS unit_cost,
    unnest(attributes),
    source_row
FROM product

-- The brand says only whose it is (National or Private); goods of one category stand in for another,
-- so the category is the family.
SELECT
    product_id,
    coalesce(product_type, product_category) AS name,
    product_category AS family,
    department,
    brand,
    manufacturer_id,
    package_size,
    source_row
FROM products
ORDER BY source_row

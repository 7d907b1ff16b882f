SELECT
    productCode AS product_id,
    productName AS name,
    productLine AS family,
    MSRP AS list_price,
    buyPrice AS unit_cost,
    productScale AS scale,
    productVendor AS vendor,
    source_row
FROM products

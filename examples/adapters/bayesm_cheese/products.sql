SELECT DISTINCT 'sliced cheese' AS product_id, 'Borden sliced cheese' AS name, 'cheese' AS family
FROM weeks

SELECT
    products.productID AS product_id,
    products.productName AS name,
    categories.categoryName AS family,
    products.unitPrice AS list_price,
    products.discontinued
FROM products
LEFT JOIN categories ON categories.categoryID = products.categoryID
ORDER BY as_number(products.productID)

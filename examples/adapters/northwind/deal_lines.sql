-- The list price is that of the order's own day; some products have become dearer since.
SELECT
    orderID AS deal_id,
    row_number() OVER (PARTITION BY orderID ORDER BY source_row) AS line_no,
    productID AS product_id,
    quantity,
    unitPrice AS list_price,
    round(as_money(unitPrice) * (1 - as_rate(discount)), 4) AS net_price,
    source_row
FROM order_details
ORDER BY source_row

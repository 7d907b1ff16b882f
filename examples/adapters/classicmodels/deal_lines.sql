SELECT
    orderdetails.orderNumber AS deal_id,
    orderdetails.orderLineNumber AS line_no,
    orderdetails.productCode AS product_id,
    orderdetails.quantityOrdered AS quantity,
    products.MSRP AS list_price,
    orderdetails.priceEach AS net_price,
    products.buyPrice AS unit_cost,
    orderdetails.source_row
FROM orderdetails
LEFT JOIN products ON products.productCode = orderdetails.productCode
ORDER BY orderdetails.source_row

SELECT
    line_item_deal.deal_id AS deal_id,
    row_number() OVER (PARTITION BY line_item_deal.deal_id ORDER BY line_item.id) AS line_no,
    line_item.product_id AS product_id,
    line_item.property_quantity AS quantity,
    line_item.property_price AS list_price,
    round(
        as_money(line_item.property_price)
        * (1 - coalesce(as_number(line_item.property_hs_discount_percentage), 0) * 0.01)
        - coalesce(as_money(line_item.property_discount), 0),
        4
    )::DECIMAL(18, 4) AS net_price,
    line_item.property_hs_cost_of_goods_sold AS unit_cost
FROM line_item
JOIN line_item_deal ON line_item_deal.line_item_id = line_item.id
ORDER BY deal_id, line_no

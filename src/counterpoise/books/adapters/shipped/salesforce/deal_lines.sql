-- The lines of an opportunity; where it has none, those of its primary quote. Lines that are part of
-- a bundle's price have no price of their own and are left to the bundle.
WITH quoted AS (
    SELECT
        Quote.OpportunityId,
        QuoteLine.*,
        row_number() OVER (PARTITION BY Quote.OpportunityId ORDER BY Quote.Id, as_number(Number), QuoteLine.Id)
            AS place
    FROM QuoteLine
    JOIN Quote ON Quote.Id = QuoteLine.QuoteId
    WHERE as_flag(Quote.IsPrimary)
        AND NOT coalesce(as_flag(QuoteLine.IsBundled), false)
        AND NOT coalesce(as_flag(QuoteLine.IsDeleted), false)
        AND Quote.OpportunityId NOT IN (
            SELECT OpportunityId FROM OpportunityLineItem WHERE OpportunityId IS NOT NULL
        )
)

SELECT
    OpportunityId AS deal_id,
    row_number() OVER (PARTITION BY OpportunityId ORDER BY Id) AS line_no,
    Product2Id AS product_id,
    Quantity AS quantity,
    ListPrice AS list_price,
    round(as_money(UnitPrice) * (1 - coalesce(as_number(Discount), 0) * 0.01), 4)::DECIMAL(18, 4)
        AS net_price,
    UnitCost AS unit_cost
FROM OpportunityLineItem
WHERE NOT coalesce(as_flag(IsDeleted), false)
UNION ALL
SELECT
    OpportunityId,
    place,
    Product2Id,
    Quantity,
    ListPrice,
    coalesce(
        as_money(NetPrice),
        round(as_money(UnitPrice) * (1 - coalesce(as_number(Discount), 0) * 0.01), 4)::DECIMAL(18, 4)
    ),
    UnitCost
FROM quoted
ORDER BY deal_id, line_no

-- Every quote is an offer; its amounts are its own or the sum of its lines.
WITH summed AS (
    SELECT
        QuoteId,
        sum(as_number(Quantity) * as_money(ListPrice)) AS list_amount,
        sum(as_number(Quantity) * coalesce(as_money(NetPrice), as_money(UnitPrice))) AS net_amount
    FROM QuoteLine
    WHERE NOT coalesce(as_flag(IsBundled), false) AND NOT coalesce(as_flag(IsDeleted), false)
    GROUP BY QuoteId
)

SELECT
    Quote.Id AS offer_id,
    Quote.OpportunityId AS deal_id,
    Quote.CreatedDate AS offered_at,
    coalesce(as_money(Quote.ListAmount), summed.list_amount::DECIMAL(18, 4)) AS list_amount,
    coalesce(as_money(Quote.NetAmount), summed.net_amount::DECIMAL(18, 4)) AS net_amount,
    Quote.Status AS "Status",
    Quote.IsPrimary AS "Primary",
    Quote.source_row
FROM Quote
LEFT JOIN summed ON summed.QuoteId = Quote.Id
WHERE NOT coalesce(as_flag(Quote.IsDeleted), false)
ORDER BY Quote.source_row

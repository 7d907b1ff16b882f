SELECT
    ID AS deal_id,
    Stage AS stage,
    -- 'Closed Lost', 'Closed - Lost' and 'Closed Lost - Not Renewing' are all lost.
    CASE
        WHEN Stage LIKE 'Closed Won%' THEN 'won'
        WHEN Stage LIKE 'Closed%Lost%' THEN 'lost'
        ELSE Stage
    END AS outcome,
    "Created Date" AS created_at,
    "Close Date" AS closed_at,
    Amount AS list_amount,
    -- Where the net amount is blank although there is a discount, it is what the discount leaves.
    coalesce("Net Amount", CAST(as_money(Amount) - as_money("Discount Amount") AS VARCHAR))
        AS net_amount,
    CASE WHEN Type LIKE 'Direct - %' THEN 'direct' WHEN Type LIKE 'Partner - %' THEN 'partner' END
        AS source,
    -- An old logo may grow or renew, and the file does not say which.
    CASE WHEN as_flag("New Logo") THEN 'new' END AS kind,
    -- 'Quarterly' says how often is paid, not for how long.
    CASE
        WHEN "Billing Plan" = 'Annual' THEN 12
        WHEN "Billing Plan" LIKE '% Years' THEN 12 * as_number(split_part("Billing Plan", ' ', 1))
        WHEN "Billing Plan" LIKE '% Months' THEN as_number(split_part("Billing Plan", ' ', 1))
    END::INTEGER AS term_months,
    Type AS "Type",
    "New Logo",
    "Billing Plan",
    "Discount Amount",
    unnest(attributes),
    source_row
FROM deals

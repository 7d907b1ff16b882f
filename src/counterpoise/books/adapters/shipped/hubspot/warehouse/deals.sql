-- A deleted deal stays in the books as cancelled: out of every rate, still to be seen.
WITH companies AS (
    SELECT deal_id, arg_min(company_id, (CASE WHEN type_id = '5' THEN 0 ELSE 1 END, company_id)) AS company_id
    FROM deal_company
    GROUP BY deal_id
),

stages AS (
    SELECT stage_id, min(label) AS label, bool_or(as_flag(closed_won)) AS won, bool_or(as_flag(is_closed)) AS closed
    FROM deal_pipeline_stage
    GROUP BY stage_id
)

SELECT
    deal.deal_id AS deal_id,
    deal.property_dealname AS name,
    companies.company_id AS account_id,
    deal.owner_id AS owner_id,
    deal.property_hs_analytics_source AS source,
    CASE
        WHEN deal.property_dealtype ILIKE '%renew%' THEN 'renewal'
        WHEN deal.property_dealtype ILIKE 'new%' THEN 'new'
        WHEN deal.property_dealtype ILIKE 'existing%' THEN 'growth'
    END AS kind,
    coalesce(stages.label, deal.deal_pipeline_stage_id) AS stage,
    CASE
        WHEN as_flag(deal.is_deleted) THEN 'cancelled'
        WHEN coalesce(as_flag(deal.property_hs_is_closed_won), stages.won) THEN 'won'
        WHEN coalesce(as_flag(deal.property_hs_is_closed), stages.closed) THEN 'lost'
        WHEN deal.deal_pipeline_stage_id = 'closedwon' THEN 'won'
        WHEN deal.deal_pipeline_stage_id = 'closedlost' THEN 'lost'
        ELSE 'open'
    END AS outcome,
    deal.property_createdate AS created_at,
    -- The close date of an open deal is a hope.
    CASE WHEN outcome IN ('won', 'lost') THEN deal.property_closedate END AS closed_at,
    -- Nobody offers a lost deal for nothing: there a zero is an amount that nobody entered.
    CASE WHEN outcome <> 'won' AND as_money(deal.property_amount) = 0 THEN NULL ELSE deal.property_amount END
        AS net_amount,
    deal.property_closed_lost_reason AS loss_reason,
    deal.property_deal_currency_code AS currency,
    unnest(deal.attributes),
    deal.source_row
FROM deal
LEFT JOIN stages ON stages.stage_id = deal.deal_pipeline_stage_id
LEFT JOIN companies ON companies.deal_id = deal.deal_id
ORDER BY deal.source_row

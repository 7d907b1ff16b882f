-- A deleted opportunity stays in the books as cancelled: out of every rate, still to be seen.
SELECT
    coalesce(Id, 'row ' || source_row) AS deal_id,
    Name AS name,
    coalesce(AccountId, AccountName) AS account_id,
    coalesce(OwnerId, OwnerName) AS owner_id,
    CampaignId AS campaign_id,
    LeadSource AS source,
    CASE
        WHEN as_flag(SBQQ__Renewal__c) OR Type ILIKE '%renew%' THEN 'renewal'
        WHEN Type ILIKE 'new%' THEN 'new'
        WHEN Type ILIKE 'existing%' OR Type ILIKE '%upsell%' OR Type ILIKE '%expansion%' THEN 'growth'
    END AS kind,
    StageName AS stage,
    CASE
        WHEN as_flag(IsDeleted) THEN 'cancelled'
        WHEN as_flag(IsWon) THEN 'won'
        WHEN as_flag(IsClosed) THEN 'lost'
        WHEN IsClosed IS NOT NULL THEN 'open'
        WHEN StageName ILIKE 'closed%won%' THEN 'won'
        WHEN StageName ILIKE 'closed%' THEN 'lost'
        ELSE 'open'
    END AS outcome,
    CreatedDate AS created_at,
    -- The close date of an open opportunity is a hope. It is a day: some syncs write midnight UTC.
    CASE
        WHEN outcome = 'open' OR (outcome = 'cancelled' AND NOT coalesce(as_flag(IsClosed), false))
            THEN NULL
        WHEN regexp_matches(CloseDate, '^\d{4}-\d{2}-\d{2}') THEN left(CloseDate, 10)
        ELSE CloseDate
    END AS closed_at,
    -- Nobody offers a lost deal for nothing: there a zero is an amount that nobody entered.
    CASE WHEN outcome <> 'won' AND as_money(Amount) = 0 THEN NULL ELSE Amount END AS net_amount,
    TermMonths AS term_months,
    PaymentTerms AS payment,
    Competitor AS competitor,
    LossReason AS loss_reason,
    CurrencyIsoCode AS currency,
    Type AS "Type",
    AccountName AS "Account Name",
    OwnerName AS "Owner Name",
    unnest(attributes),
    source_row
FROM Opportunity

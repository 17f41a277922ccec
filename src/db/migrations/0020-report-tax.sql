-- The setting reportTaxRemitted (true, false) became reportTax (remitted, owed, ask).
-- Safe while workers run: an older worker pauses the flow it cannot read and goes on after its own upgrade.
UPDATE flows f SET settings = jsonb_set(f.settings, '{marketplaces}', (
  SELECT jsonb_object_agg(m.key, (m.value - 'reportTaxRemitted')
    || CASE WHEN m.value -> 'reportTaxRemitted' = 'false'::jsonb THEN '{"reportTax": "owed"}'::jsonb ELSE '{}'::jsonb END)
  FROM jsonb_each(f.settings -> 'marketplaces') m))
WHERE f.kind = 'orders.import' AND f.settings -> 'marketplaces' IS NOT NULL
  AND EXISTS (SELECT 1 FROM jsonb_each(f.settings -> 'marketplaces') m WHERE m.value ? 'reportTaxRemitted');

-- Old documents can be removed without reading every record or document for each of them. An operator need do nothing;
-- on a large database this takes a minute.
CREATE INDEX sync_records_by_document ON sync_records (document_id) WHERE document_id IS NOT NULL;

-- An insert whose answer was lost is sent again with the same token; these tables take it once.
ALTER TABLE ingestions MODIFY SETTING non_replicated_deduplication_window = 1000;
ALTER TABLE batch_metadata MODIFY SETTING non_replicated_deduplication_window = 1000;
ALTER TABLE trained_models MODIFY SETTING non_replicated_deduplication_window = 1000;
ALTER TABLE alert_scores MODIFY SETTING non_replicated_deduplication_window = 10000;
ALTER TABLE alert_rankings MODIFY SETTING non_replicated_deduplication_window = 10000;
ALTER TABLE cluster_scores MODIFY SETTING non_replicated_deduplication_window = 10000;

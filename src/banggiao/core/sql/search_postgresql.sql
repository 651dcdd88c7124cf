ALTER TABLE core_searchentry ADD COLUMN title_words tsvector GENERATED ALWAYS AS (to_tsvector('simple', title_folded)) STORED;
ALTER TABLE core_searchentry ADD COLUMN all_words tsvector GENERATED ALWAYS AS (to_tsvector('simple', title_folded || ' ' || body_folded)) STORED;
CREATE INDEX core_search_title ON core_searchentry USING gin (title_words);
CREATE INDEX core_search_all ON core_searchentry USING gin (all_words);

CREATE INDEX core_search_title ON core_searchentry USING gin (to_tsvector('simple', title_folded));
CREATE INDEX core_search_all ON core_searchentry USING gin (to_tsvector('simple', title_folded || ' ' || body_folded));

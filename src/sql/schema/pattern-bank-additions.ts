/** What the pattern bank keeps besides the documented tables and columns. */
export const patternBankAdditions: readonly string[] = [
  // Which document of the full text is a pattern's: the full-text table finds nothing by the id of a pattern.
  `CREATE TABLE pattern_documents (
    docid INTEGER PRIMARY KEY,
    pattern_id TEXT NOT NULL UNIQUE
  )`,

  // How many uses told a measure: a mean over uses needs to know.
  'ALTER TABLE test_pattern_usage ADD COLUMN timed_count INTEGER NOT NULL DEFAULT 0',
  'ALTER TABLE test_pattern_usage ADD COLUMN measured_count INTEGER NOT NULL DEFAULT 0',
  'ALTER TABLE test_pattern_usage ADD COLUMN rated_count INTEGER NOT NULL DEFAULT 0',
  // The success rate in which a use counts half of the one five uses later, which the trend goes by.
  'ALTER TABLE pattern_stats_cache ADD COLUMN recent_success_rate REAL',

  // The projects a mapping was shared with or used in, which its project count and success rate sum up.
  `CREATE TABLE cross_project_usage (
    pattern_id TEXT NOT NULL,
    source_framework TEXT NOT NULL,
    target_framework TEXT NOT NULL,
    project_id TEXT NOT NULL,
    usage_count INTEGER NOT NULL DEFAULT 0,
    success_count INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (pattern_id, source_framework, target_framework, project_id)
  )`,

  // A vector is its 32-bit floats, little-endian.
  `CREATE TABLE pattern_embeddings (
    pattern_id TEXT NOT NULL,
    embedder TEXT NOT NULL,
    dimension INTEGER NOT NULL CHECK (dimension > 0),
    vector BLOB NOT NULL CHECK (length(vector) = 4 * dimension),
    created_at DATETIME,
    PRIMARY KEY (pattern_id, embedder)
  )`,
  'CREATE INDEX pattern_embeddings_by_embedder ON pattern_embeddings (embedder)',
]

/**
 * Reusable test patterns, their use per project, what translates them between frameworks, how alike they are, their full
 * text, and three views over them. A rate that nobody measured is NULL; averages are weighted by use and leave it out.
 * The views read no virtual table: with `trusted_schema=off` SQLite would refuse them.
 */
export const testPatternsSchema: readonly string[] = [
  `CREATE TABLE test_patterns (
    id TEXT PRIMARY KEY,
    pattern_type TEXT NOT NULL CHECK (pattern_type IN (
      'edge-case', 'integration', 'boundary', 'error-handling', 'unit',
      'e2e', 'performance', 'security', 'accessibility', 'regression'
    )),
    framework TEXT NOT NULL CHECK (framework IN (
      'jest', 'mocha', 'cypress', 'vitest', 'playwright', 'ava', 'tape', 'jasmine', 'qunit'
    )),
    language TEXT NOT NULL DEFAULT 'typescript' CHECK (language IN ('typescript', 'javascript', 'tsx', 'jsx')),
    code_signature_hash TEXT NOT NULL,
    code_signature JSON NOT NULL CHECK (json_valid(code_signature)),
    test_template JSON NOT NULL CHECK (json_valid(test_template)),
    metadata JSON CHECK (json_valid(metadata)),
    version TEXT NOT NULL DEFAULT '1.0.0',
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (code_signature_hash, framework)
  )`,
  'CREATE INDEX test_patterns_by_framework_pattern_type ON test_patterns (framework, pattern_type)',
  'CREATE INDEX test_patterns_by_pattern_type ON test_patterns (pattern_type)',

  `CREATE TABLE test_pattern_usage (
    pattern_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    usage_count INTEGER NOT NULL DEFAULT 0,
    success_count INTEGER NOT NULL DEFAULT 0,
    failure_count INTEGER NOT NULL DEFAULT 0,
    avg_execution_time REAL,
    avg_coverage_gain REAL CHECK (avg_coverage_gain BETWEEN 0 AND 1),
    flaky_count INTEGER NOT NULL DEFAULT 0,
    quality_score REAL CHECK (quality_score BETWEEN 0 AND 1),
    first_used DATETIME DEFAULT CURRENT_TIMESTAMP,
    last_used DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (pattern_id, project_id)
  )`,
  'CREATE INDEX test_pattern_usage_by_project_id ON test_pattern_usage (project_id)',

  `CREATE TABLE cross_project_mappings (
    pattern_id TEXT NOT NULL,
    source_framework TEXT NOT NULL,
    target_framework TEXT NOT NULL,
    transformation_rules JSON NOT NULL CHECK (json_valid(transformation_rules)),
    compatibility_score REAL NOT NULL DEFAULT 1 CHECK (compatibility_score BETWEEN 0 AND 1),
    project_count INTEGER NOT NULL DEFAULT 0,
    success_rate REAL CHECK (success_rate BETWEEN 0 AND 1),
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (pattern_id, source_framework, target_framework),
    CHECK (source_framework <> target_framework)
  )`,
  `CREATE INDEX cross_project_mappings_by_source_framework_target_framework
    ON cross_project_mappings (source_framework, target_framework)`,

  `CREATE TABLE pattern_similarity_index (
    pattern_a TEXT NOT NULL,
    pattern_b TEXT NOT NULL,
    similarity_score REAL NOT NULL CHECK (similarity_score BETWEEN 0 AND 1),
    structure_similarity REAL NOT NULL CHECK (structure_similarity BETWEEN 0 AND 1),
    identifier_similarity REAL NOT NULL CHECK (identifier_similarity BETWEEN 0 AND 1),
    metadata_similarity REAL NOT NULL CHECK (metadata_similarity BETWEEN 0 AND 1),
    algorithm TEXT NOT NULL DEFAULT 'hybrid-tfidf',
    last_computed DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (pattern_a, pattern_b),
    CHECK (pattern_a < pattern_b)
  )`,
  'CREATE INDEX pattern_similarity_index_by_pattern_b ON pattern_similarity_index (pattern_b)',

  `CREATE VIRTUAL TABLE pattern_fts USING fts4 (
    pattern_id,
    pattern_name,
    description,
    tags,
    framework,
    pattern_type,
    notindexed=pattern_id,
    tokenize=porter
  )`,

  `CREATE TABLE pattern_stats_cache (
    pattern_id TEXT PRIMARY KEY,
    total_uses INTEGER NOT NULL DEFAULT 0,
    success_rate REAL CHECK (success_rate BETWEEN 0 AND 1),
    avg_quality REAL CHECK (avg_quality BETWEEN 0 AND 1),
    avg_coverage_gain REAL CHECK (avg_coverage_gain BETWEEN 0 AND 1),
    project_count INTEGER NOT NULL DEFAULT 0,
    trend TEXT NOT NULL DEFAULT 'stable' CHECK (trend IN ('rising', 'stable', 'declining')),
    last_updated DATETIME DEFAULT CURRENT_TIMESTAMP
  )`,

  `CREATE VIEW pattern_analytics AS
    SELECT
      pattern.id AS pattern_id,
      json_extract(pattern.metadata, '$.name') AS pattern_name,
      pattern.pattern_type,
      pattern.framework,
      pattern.language,
      COUNT(usage.project_id) AS project_count,
      COALESCE(SUM(usage.usage_count), 0) AS total_uses,
      COALESCE(SUM(usage.success_count), 0) AS success_count,
      COALESCE(SUM(usage.failure_count), 0) AS failure_count,
      COALESCE(SUM(usage.flaky_count), 0) AS flaky_count,
      1.0 * SUM(usage.success_count) / SUM(usage.usage_count) AS success_rate,
      SUM(usage.avg_execution_time * usage.usage_count)
        / SUM(usage.usage_count) FILTER (WHERE usage.avg_execution_time IS NOT NULL) AS avg_execution_time,
      SUM(usage.avg_coverage_gain * usage.usage_count)
        / SUM(usage.usage_count) FILTER (WHERE usage.avg_coverage_gain IS NOT NULL) AS avg_coverage_gain,
      SUM(usage.quality_score * usage.usage_count)
        / SUM(usage.usage_count) FILTER (WHERE usage.quality_score IS NOT NULL) AS avg_quality,
      MIN(usage.first_used) AS first_used,
      MAX(usage.last_used) AS last_used
    FROM test_patterns AS pattern
    LEFT JOIN test_pattern_usage AS usage ON usage.pattern_id = pattern.id
    GROUP BY pattern.id`,

  `CREATE VIEW framework_stats AS
    SELECT
      pattern.framework,
      COUNT(DISTINCT pattern.id) AS pattern_count,
      COUNT(DISTINCT pattern.pattern_type) AS pattern_type_count,
      COUNT(DISTINCT usage.project_id) AS project_count,
      COALESCE(SUM(usage.usage_count), 0) AS total_uses,
      1.0 * SUM(usage.success_count) / SUM(usage.usage_count) AS success_rate,
      SUM(usage.avg_coverage_gain * usage.usage_count)
        / SUM(usage.usage_count) FILTER (WHERE usage.avg_coverage_gain IS NOT NULL) AS avg_coverage_gain,
      SUM(usage.quality_score * usage.usage_count)
        / SUM(usage.usage_count) FILTER (WHERE usage.quality_score IS NOT NULL) AS avg_quality
    FROM test_patterns AS pattern
    LEFT JOIN test_pattern_usage AS usage ON usage.pattern_id = pattern.id
    GROUP BY pattern.framework`,

  `CREATE VIEW pattern_quality_report AS
    SELECT
      measured.pattern_id,
      measured.pattern_name,
      measured.pattern_type,
      measured.framework,
      measured.total_uses,
      measured.success_rate,
      1.0 * measured.flaky_count / measured.total_uses AS flaky_rate,
      measured.avg_quality,
      measured.avg_coverage_gain,
      json_extract(pattern.metadata, '$.quality.coverage') AS stated_coverage,
      json_extract(pattern.metadata, '$.quality.maintainability') AS stated_maintainability,
      json_extract(pattern.metadata, '$.quality.reliability') AS stated_reliability,
      cached.trend
    FROM pattern_analytics AS measured
    JOIN test_patterns AS pattern ON pattern.id = measured.pattern_id
    LEFT JOIN pattern_stats_cache AS cached ON cached.pattern_id = measured.pattern_id`,
]

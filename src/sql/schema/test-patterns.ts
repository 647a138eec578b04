/**
 * Reusable test patterns, their uses by project, mappings between frameworks, similarities, full text and statistics. Unmeasured
 * rates are NULL; averages are weighted by uses and ignore NULL.
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
]

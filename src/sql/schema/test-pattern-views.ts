/** Reports on the pattern bank. The views cannot read the full-text table: `trusted_schema=off` forbids virtual tables in views. */
export const testPatternViews: readonly string[] = [
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

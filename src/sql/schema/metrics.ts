/** Measurements: of components against a baseline, and of the fleet, its agents and tasks. */
export const metricsSchema: readonly string[] = [
  `CREATE TABLE performance_metrics (
    id INTEGER PRIMARY KEY,
    component_name TEXT,
    metric_name TEXT,
    metric_value REAL,
    baseline_value REAL,
    improvement_percentage REAL,
    measured_at REAL,
    sample_count INTEGER DEFAULT 1,
    confidence_interval REAL DEFAULT 0.95,
    metadata TEXT DEFAULT '{}'
  )`,
  'CREATE INDEX performance_metrics_by_component_name_measured_at ON performance_metrics (component_name, measured_at)',
  'CREATE INDEX performance_metrics_by_measured_at ON performance_metrics (measured_at)',

  `CREATE TABLE metrics (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    fleet_id TEXT,
    agent_id TEXT,
    task_id TEXT,
    metric_type TEXT NOT NULL,
    metric_name TEXT NOT NULL,
    metric_value REAL NOT NULL,
    unit TEXT,
    tags TEXT,
    timestamp DATETIME DEFAULT CURRENT_TIMESTAMP
  )`,
  'CREATE INDEX metrics_by_agent_id ON metrics (agent_id)',
  'CREATE INDEX metrics_by_metric_type_metric_name ON metrics (metric_type, metric_name)',
]

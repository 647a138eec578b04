import type { QeAgentType } from 'learning-store'

/** The strategies of each agent type. */
export const STRATEGIES: { readonly [T in QeAgentType]: readonly [string, string, string, string] } = {
  'qe-test-generator': ['template-based', 'property-based', 'mutation-guided', 'model-based'],
  'qe-test-executor': ['sequential', 'parallel', 'risk-first', 'sharded'],
  'qe-coverage-analyzer': ['line-gaps', 'branch-gaps', 'mutation-score', 'call-graph'],
  'qe-quality-gate': ['fixed-threshold', 'trend-based', 'risk-weighted', 'peer-compared'],
  'qe-quality-analyzer': ['static-metrics', 'trend-analysis', 'hot-spots', 'peer-review'],
  'qe-performance-tester': ['load-ramp', 'soak', 'spike', 'profiling'],
  'qe-security-scanner': ['static-scan', 'dynamic-scan', 'dependency-audit', 'fuzzing'],
  'qe-requirements-validator': ['given-when-then', 'traceability', 'examples', 'model-check'],
  'qe-production-intelligence': ['log-mining', 'incident-replay', 'usage-sampling', 'anomaly-watch'],
  'qe-fleet-commander': ['star', 'mesh', 'hierarchy', 'ring'],
  'qe-deployment-readiness': ['checklist', 'canary', 'risk-score', 'rollback-drill'],
  'qe-regression-risk-analyzer': ['change-impact', 'failure-history', 'ownership', 'learned-ranking'],
  'qe-test-data-architect': ['synthetic', 'masked-copy', 'boundary-values', 'schema-driven'],
  'qe-api-contract-validator': ['schema-diff', 'consumer-driven', 'traffic-replay', 'contract-fuzzing'],
  'qe-flaky-test-hunter': ['rerun', 'order-shuffle', 'frozen-clock', 'quarantine'],
  'qe-visual-tester': ['pixel-diff', 'layout-tree', 'perceptual-hash', 'component-shots'],
  'qe-chaos-engineer': ['latency', 'killed-process', 'partition', 'resource-limit'],
  'qe-code-complexity': ['cyclomatic', 'cognitive', 'churn-weighted', 'coupling'],
}

/** The 18 agent types of agentic-qe, in the order of its persistence document. */
export const QE_AGENT_TYPES = [
  'qe-test-generator',
  'qe-test-executor',
  'qe-coverage-analyzer',
  'qe-quality-gate',
  'qe-quality-analyzer',
  'qe-performance-tester',
  'qe-security-scanner',
  'qe-requirements-validator',
  'qe-production-intelligence',
  'qe-fleet-commander',
  'qe-deployment-readiness',
  'qe-regression-risk-analyzer',
  'qe-test-data-architect',
  'qe-api-contract-validator',
  'qe-flaky-test-hunter',
  'qe-visual-tester',
  'qe-chaos-engineer',
  'qe-code-complexity',
] as const

/** An agent type of agentic-qe. @useDeclaredType */
export type QeAgentType = (typeof QE_AGENT_TYPES)[number]

/** The description of an agent type of agentic-qe. */
export interface QeAgent {
  /** What agents of this type learn. */
  readonly focus: string
}

/** The agent types of agentic-qe, as its persistence document describes them. */
export const QE_AGENTS: { readonly [T in QeAgentType]: QeAgent } = {
  'qe-test-generator': { focus: 'Test generation strategies, pattern effectiveness' },
  'qe-test-executor': { focus: 'Execution strategies, parallelization patterns' },
  'qe-coverage-analyzer': { focus: 'Gap detection strategies, optimization approaches' },
  'qe-quality-gate': { focus: 'Risk assessment patterns, threshold optimization' },
  'qe-quality-analyzer': { focus: 'Metric analysis strategies, trend detection' },
  'qe-performance-tester': { focus: 'Load testing strategies, bottleneck patterns' },
  'qe-security-scanner': { focus: 'Vulnerability detection patterns, SAST/DAST strategies' },
  'qe-requirements-validator': { focus: 'Validation strategies, BDD patterns' },
  'qe-production-intelligence': { focus: 'Production data patterns, incident replay' },
  'qe-fleet-commander': { focus: 'Fleet coordination strategies, topology optimization' },
  'qe-deployment-readiness': { focus: 'Risk assessment patterns, deployment decisions' },
  'qe-regression-risk-analyzer': { focus: 'Test selection patterns, ML-based risk scoring' },
  'qe-test-data-architect': { focus: 'Data generation strategies, schema patterns' },
  'qe-api-contract-validator': { focus: 'Contract validation patterns, breaking change detection' },
  'qe-flaky-test-hunter': { focus: 'Flakiness detection patterns, stabilization strategies' },
  'qe-visual-tester': { focus: 'Visual comparison patterns, regression detection' },
  'qe-chaos-engineer': { focus: 'Failure injection patterns, resilience strategies' },
  'qe-code-complexity': { focus: 'Complexity analysis patterns, refactoring recommendations' },
}

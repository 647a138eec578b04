export type { AdaptiveLearningOptions, LearningModule } from './agents/adaptive-learning-engine.ts'
export type { AgentEvents } from './agents/agent-events.ts'
export type { BaseAgentOptions, TaskAssignment } from './agents/base-agent.ts'
export type { LearningEngineOptions } from './agents/engine-options.ts'
export type { LearningContext } from './agents/learning-context.ts'
export type { DatabaseStatus } from './agents/learning-database.ts'
export type { QLearningStats } from './agents/learning-engine.ts'
export type { LearningOutcome } from './agents/learning-outcome.ts'
export type { LearningMetrics, LearningPhase, LearningStatus } from './agents/learning-status.ts'
export { QE_AGENT_TYPES, QE_AGENTS, type QeAgent, type QeAgentType } from './agents/qe-agents.ts'
export type { StrategyRecommendation } from './agents/recommendation.ts'
export { RewardCalculator, type RewardOptions } from './agents/reward-calculator.ts'
export type { StoreOptions } from './agents/store-in-use.ts'
export type { AgentAction, Task, TaskState } from './agents/task.ts'
export type { LearningFeedback, TaskResult } from './agents/task-result.ts'
export type { TaskRun } from './agents/task-run.ts'
export type { AccessLevel, Asker, Permission } from './algorithms/access.ts'
export type { ActionValue, Choice, SelectOptions } from './algorithms/choice.ts'
export type { TextPart } from './algorithms/highlight.ts'
export type { Interval } from './algorithms/intervals.ts'
export type { PlainValue } from './algorithms/keys.ts'
export { keyOf } from './algorithms/keys.ts'
export { parseKey } from './algorithms/parse-key.ts'
export type { Similarity, SimilarityWeights } from './algorithms/pattern-similarity.ts'
export type { RewardFormula, RewardWeights } from './algorithms/rewards.ts'
export type { Matching } from './algorithms/text-query.ts'
export { StoreError, type StoreErrorCode } from './errors.ts'
export type { AsyncAgent, AsyncStore, Queries, Subscription } from './face/async-store.ts'
export type { PolicyFunction } from './face/evaluation.ts'
export type { JobOptions, Jobs } from './face/jobs.ts'
export type { Policy } from './face/policy.ts'
export type { HostName, StoreStatus } from './face/status.ts'
export { FAMILIES, type Family } from './families.ts'
export type { Advice, Alternative } from './learning/advice.ts'
export type { AgentStatus, Learned } from './learning/agent.ts'
export type { Cleaned } from './learning/cleanup.ts'
export type { StoreCommit } from './learning/commits.ts'
export type { KeptValue, NewKeptValue } from './learning/cross-session.ts'
export type { CycleChanges, NewCycle } from './learning/cycles.ts'
export type { PolicyEvaluation } from './learning/evaluation.ts'
export type { Estimator, EvaluationOptions } from './learning/evaluation-options.ts'
export type { Evidence, StateOfEvidence } from './learning/evidence.ts'
export type { Execution } from './learning/execution.ts'
export type { ExecutionPattern, ExecutionRun, NewExecutionPattern } from './learning/execution-pattern.ts'
export type { PatternFilters } from './learning/execution-patterns.ts'
export type { TrackOptions } from './learning/execution-tracking.ts'
export type { LearnedExecution } from './learning/executions.ts'
export type { Experience } from './learning/experience.ts'
export type { ExperienceFilters } from './learning/experience-filters.ts'
export type { ListExperiences, ListRewards, RecordedExperience } from './learning/experiences.ts'
export type { NewFleet, NewFleetAgent, NewRegisteredAgent } from './learning/fleet-agents.ts'
export type { NewArtifact, NewEvent, NewFleetMetric } from './learning/fleet-traces.ts'
export type { NewGoal, NewGoalAction, NewGoalPlan } from './learning/goals.ts'
export type { ListRows, QueryOptions } from './learning/inspection.ts'
export type { Change, Skipped } from './learning/intake.ts'
export type { Latencies, Latency, SlowAct } from './learning/latencies.ts'
export type { LearningRecord, ListLearning, NewLearningRecord } from './learning/learning-history.ts'
export type { LearningMetric, ListLearningMetrics, NewLearningMetric } from './learning/learning-metrics.ts'
export type { MemoryAccess, MemoryBlock, MemoryGrant, MemoryRevocation } from './learning/memory-access.ts'
export type { MemoryAddress, MemoryEntry, NewMemoryEntry } from './learning/memory-entry.ts'
export type { ListMemory } from './learning/memory-listing.ts'
export type { Merged } from './learning/merging.ts'
export type { ListMetrics, NewPerformanceMetrics, PerformanceMetrics } from './learning/metrics.ts'
export type { FailurePattern, Pattern } from './learning/pattern.ts'
export type { ListFailures, ListPatterns } from './learning/patterns.ts'
export type { Planned, PlanOptions } from './learning/plan.ts'
export type { ListPreferences, NewPreference, Preference } from './learning/preferences.ts'
export type { Progress } from './learning/progress.ts'
export type { NewProposal, Vote, Voted } from './learning/proposals.ts'
export type { PatternRecommendation } from './learning/recommended-patterns.ts'
export type { NewRecord, Page } from './learning/records.ts'
export type { Replayed, ReplayOptions } from './learning/replay.ts'
export type { Removed, Retained, RetainedExperiences, RetainOptions } from './learning/retention.ts'
export type { NewSession } from './learning/sessions.ts'
export type { AgentStatistics } from './learning/statistics.ts'
export type { Discovery, StrategyUse, UsedStrategy } from './learning/strategy-use.ts'
export type { NewHint, NewSwarmMetric, NewSwarmPattern } from './learning/swarm.ts'
export type { AgentPolicy, TablePolicy, TargetPolicy } from './learning/target-policy.ts'
export type { TaskContext } from './learning/task-context.ts'
export type { NewTask, TaskChanges } from './learning/tasks.ts'
export type {
  NewTestPattern,
  PatternType,
  TestFramework,
  TestLanguage,
  TestPattern,
  TestPatternChanges,
  TestPatternFilters,
  TestPatternMetadata,
} from './learning/test-pattern.ts'
export type { StoredTestPattern } from './learning/test-pattern-bank.ts'
export type { Embedder, Embedding } from './learning/test-pattern-embeddings.ts'
export type { CrossProjectMapping, ListMappings, ShareOptions } from './learning/test-pattern-mappings.ts'
export type {
  NearestOptions,
  NearPattern,
  PatternHit,
  SearchOptions,
  SimilarTestPattern,
} from './learning/test-pattern-queries.ts'
export type { Snippet } from './learning/test-pattern-search.ts'
export type { FindSimilar, SimilarPair } from './learning/test-pattern-similarity.ts'
export type { PatternStatistics, TestPatternUsage, TestPatternUse } from './learning/test-pattern-usage.ts'
export type { ListReports, ListSimilar, ListTestPatterns } from './learning/test-patterns.ts'
export type { ListValues, StateActionValue, StateValues } from './learning/values.ts'
export type { Finding, Verification } from './learning/verification.ts'
export type { NewWorkflow } from './learning/workflows.ts'
export { MemoryMedium, memoryPlace } from './persistence/memory.ts'
export type { Durability, Keeps, Kept, Place, Snapshot } from './persistence/place.ts'
export type { LearningStoreOptions } from './runtime/options.ts'
export type { Rows, SqlValue } from './sql/connection.ts'
export type { RemovedRows } from './tables/agent-removal.ts'
export type {
  Goal,
  GoalAction,
  GoalPlan,
  OodaCycle,
  OodaPhase,
  Proposal,
  ProposalStatus,
  Workflow,
} from './tables/coordination.ts'
export type { PatternsSummary } from './tables/execution-patterns.ts'
export type { Fleet, FleetAgent, FleetTask, RegisteredAgent, TaskStatus } from './tables/fleet.ts'
export type { Artifact, Checkpoint, FleetEvent, FleetMetric, FleetSession } from './tables/fleet-traces.ts'
export type { TableColumn, TableKind, TableSummary } from './tables/inventory.ts'
export type {
  Algorithm,
  LearnerConfiguration,
  LearnerPolicy,
  StepSizeName,
} from './tables/learners.ts'
export type { PatternTrend } from './tables/pattern-stats-cache.ts'
export type { TextColumn } from './tables/pattern-text.ts'
export type { RewardStretch } from './tables/rewards.ts'
export type { Hint, SwarmMetric, SwarmPattern } from './tables/swarm.ts'
export type {
  BankNumbers,
  FrameworkStatistics,
  PatternAnalytics,
  PatternQuality,
} from './tables/test-pattern-reports.ts'
export type {
  Compacted,
  ExportedFile,
  ExportFormat,
  ExportOptions,
  ImportFormat,
  ImportOptions,
  ImportReport,
} from './transfer/job.ts'

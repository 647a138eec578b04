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
export type { AccessLevel, Asker, Guard, Permission } from './algorithms/access.ts'
export type { ActionValue, Choice, KeyedValue, SelectOptions } from './algorithms/choice.ts'
export type { TextPart } from './algorithms/highlight.ts'
export type { Interval } from './algorithms/intervals.ts'
export type { PlainValue } from './algorithms/keys.ts'
export { keyOf } from './algorithms/keys.ts'
export { parseKey } from './algorithms/parse-key.ts'
export type { Similarity, SimilarityWeights } from './algorithms/pattern-similarity.ts'
export type { RewardFormula, RewardWeights } from './algorithms/rewards.ts'
export type { Matching } from './algorithms/text-query.ts'
export { StoreError, type StoreErrorCode } from './errors.ts'
export type { AsyncAgent, AsyncStore, Promised, Queries, Subscription } from './face/async-store.ts'
export type { PolicyFunction } from './face/evaluation.ts'
export type { JobOptions, Jobs } from './face/jobs.ts'
export type { Policy } from './face/policy.ts'
export type { HostName, StoreStatus } from './face/status.ts'
export { FAMILIES, type Family } from './families.ts'
export type { Advice, Alternative } from './learning/advice.ts'
export type { AgentStatus, Learned } from './learning/agent.ts'
export type { Cleaned } from './learning/cleanup.ts'
export type { StoreCommit } from './learning/commits.ts'
export type { CrossSession, KeptValue, NewKeptValue } from './learning/cross-session.ts'
export type { CycleChanges, NewCycle } from './learning/cycles.ts'
export type { PolicyEvaluation } from './learning/evaluation.ts'
export type { Estimator, EvaluationOptions } from './learning/evaluation-options.ts'
export type { Evidence, StateOfEvidence } from './learning/evidence.ts'
export type { Execution } from './learning/execution.ts'
export type { ExecutionPattern, ExecutionRun, NewExecutionPattern } from './learning/execution-pattern.ts'
export type { ExecutionPatterns, PatternFilters } from './learning/execution-patterns.ts'
export type { TrackOptions } from './learning/execution-tracking.ts'
export type { LearnedExecution } from './learning/executions.ts'
export type { Experience } from './learning/experience.ts'
export type { ExperienceFilters } from './learning/experience-filters.ts'
export type { Experiences, ListExperiences, ListRewards, RecordedExperience } from './learning/experiences.ts'
export type { Fleet as FleetActs } from './learning/fleet.ts'
export type { NewFleet, NewFleetAgent, NewRegisteredAgent } from './learning/fleet-agents.ts'
export type { NewArtifact, NewEvent, NewFleetMetric } from './learning/fleet-traces.ts'
export type { NewGoal, NewGoalAction, NewGoalPlan } from './learning/goals.ts'
export type { ListRows, QueryOptions } from './learning/inspection.ts'
export type { Change, Skipped } from './learning/intake.ts'
export type { Latencies, Latency, SlowAct } from './learning/latencies.ts'
export type { LearningHistory, ListLearning, NewLearningRecord } from './learning/learning-history.ts'
export type {
  LearningMetric,
  LearningMetrics as LearningMetricActs,
  ListLearningMetrics,
  NewLearningMetric,
} from './learning/learning-metrics.ts'
export type { Memory } from './learning/memory.ts'
export type { MemoryAccess, MemoryBlock, MemoryGrant, MemoryRevocation } from './learning/memory-access.ts'
export type { MemoryAddress, MemoryEntry, NewMemoryEntry } from './learning/memory-entry.ts'
export type { ListMemory } from './learning/memory-listing.ts'
export type { Merged } from './learning/merging.ts'
export type { ListMetrics, Metrics, NewPerformanceMetrics, PerformanceMetrics } from './learning/metrics.ts'
export type { FailurePattern, Pattern } from './learning/pattern.ts'
export type { ListFailures, ListPatterns, Patterns } from './learning/patterns.ts'
export type { Planned, PlanOptions } from './learning/plan.ts'
export type { ListPreferences, NewPreference, Preferences } from './learning/preferences.ts'
export type { Progress } from './learning/progress.ts'
export type { NewProposal, Proposals, Vote, Voted } from './learning/proposals.ts'
export type { PatternRecommendation } from './learning/recommended-patterns.ts'
export type { Identified, NewRecord, Page, Records } from './learning/records.ts'
export type { Replayed, ReplayOptions } from './learning/replay.ts'
export type { Removed, Retained, RetainedExperiences, RetainOptions } from './learning/retention.ts'
export type { NewSession, Sessions } from './learning/sessions.ts'
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
export type { FindSimilar } from './learning/test-pattern-similarity.ts'
export type { TestPatternUse } from './learning/test-pattern-usage.ts'
export type { ListReports, ListSimilar, ListTestPatterns, TestPatterns } from './learning/test-patterns.ts'
export type { ListValues, StateActionValue, StateValues, Values } from './learning/values.ts'
export type { Finding, Verification } from './learning/verification.ts'
export type { NewWorkflow } from './learning/workflows.ts'
export { type BytesPlaceOptions, bytes } from './persistence/bytes.ts'
export type { KeeperOptions } from './persistence/keeping.ts'
export { MemoryMedium, memoryPlace } from './persistence/memory.ts'
export type {
  Durability,
  Keeps,
  Kept,
  LoglessPlace,
  OpenOptions,
  Place,
  Snapshot,
  SnapshotsPlace,
  Verdict,
} from './persistence/place.ts'
export type { RecordedCommit, RecordedValue } from './persistence/record.ts'
export type { Sentinel } from './persistence/recovery.ts'
export { type UnstorageLike, type UnstoragePlaceOptions, unstoragePlace } from './persistence/unstorage.ts'
export type { DurabilityOf, LearningStoreOptions } from './runtime/options.ts'
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
export type { Json } from './tables/json.ts'
export type {
  Algorithm,
  LearnerConfiguration,
  LearnerPolicy,
  StepSizeName,
} from './tables/learners.ts'
export type { LearningRecord } from './tables/learning-history.ts'
export type { LearningMetricType } from './tables/learning-metrics.ts'
export type { SimilarPair } from './tables/pattern-similarities.ts'
export type { PatternStatistics, PatternTrend } from './tables/pattern-stats-cache.ts'
export type { TextColumn } from './tables/pattern-text.ts'
export type { Preference } from './tables/preferences.ts'
export type { RewardStretch } from './tables/rewards.ts'
export type { FamilySize } from './tables/sizes.ts'
export type { Hint, SwarmMetric, SwarmPattern } from './tables/swarm.ts'
export type {
  BankNumbers,
  FrameworkStatistics,
  PatternAnalytics,
  PatternQuality,
} from './tables/test-pattern-reports.ts'
export type { TestPatternUsage } from './tables/test-pattern-usage.ts'
export type {
  Compacted,
  ExportedFile,
  ExportFormat,
  ExportOptions,
  ImportFormat,
  ImportOptions,
  ImportReport,
} from './transfer/job.ts'

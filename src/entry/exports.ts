export type { AdaptiveLearningOptions, LearningModule } from '../agents/adaptive-learning-engine.ts'
export type { AgentEvents } from '../agents/agent-events.ts'
export type { BaseAgentOptions, TaskAssignment } from '../agents/base-agent.ts'
export type { LearningEngineOptions } from '../agents/engine-options.ts'
export type { LearningContext } from '../agents/learning-context.ts'
export type { DatabaseStatus } from '../agents/learning-database.ts'
export type { QLearningStats } from '../agents/learning-engine.ts'
export type { LearningOutcome } from '../agents/learning-outcome.ts'
export type { LearningMetrics, LearningPhase, LearningStatus } from '../agents/learning-status.ts'
export type {
  McpExecutionPattern,
  McpExecutionRun,
  McpPatternRecommendation,
  McpPerformanceMetrics,
  McpPreference,
  NewMcpExecutionPattern,
} from '../agents/mcp-agent-model.ts'
export { QE_AGENT_TYPES, QE_AGENTS, type QeAgent, type QeAgentType } from '../agents/qe-agents.ts'
export type { StrategyAlternative, StrategyRecommendation } from '../agents/recommendation.ts'
export { RewardCalculator, type RewardOptions } from '../agents/reward-calculator.ts'
export type { StoreOptions } from '../agents/shared-store-handle.ts'
export type { AgentAction, Task, TaskState } from '../agents/task.ts'
export type { LearningFeedback, TaskResult } from '../agents/task-result.ts'
export type { TaskRun } from '../agents/task-run.ts'
export type { AccessLevel, Caller, Guard, Permission } from '../algorithms/access.ts'
export { ALGORITHMS, type Algorithm, LINEAR_ALGORITHMS, TABULAR_ALGORITHMS } from '../algorithms/algorithms.ts'
export type { ActionValue, Choice, KeyedValue, SelectOptions } from '../algorithms/choice.ts'
export type { FeatureKind, Features } from '../algorithms/features/feature-kinds.ts'
export type { Interval } from '../algorithms/intervals.ts'
export type { JsonFilter, JsonOperators } from '../algorithms/json-filter.ts'
export { keyOf } from '../algorithms/keys/keys.ts'
export { parseKey } from '../algorithms/keys/parse-key.ts'
export type { ModelUpdate, ModelVersion, StoredExperience } from '../algorithms/linear/agent-model.ts'
export type { Contribution } from '../algorithms/linear/contribution.ts'
export { ESTIMATORS, type Estimator } from '../algorithms/off-policy.ts'
export { type LearnerPolicy, LINEAR_POLICIES, POLICIES, TABULAR_POLICIES } from '../algorithms/policies.ts'
export type { RewardFormula, RewardWeights } from '../algorithms/rewards.ts'
export type { TextPart } from '../algorithms/search/highlight.ts'
export type { Similarity, SimilarityWeights } from '../algorithms/search/pattern-similarity.ts'
export type { Matching } from '../algorithms/search/text-query.ts'
export { LEARNING_RATE_SCHEDULES, type LearningRateSchedule } from '../algorithms/step-sizes.ts'
export type { AsyncAgent, AsyncStore, Promised, Queries, Subscription } from '../client/async-store.ts'
export type { PolicyFunction } from '../client/evaluation.ts'
export type { JobOptions, Jobs } from '../client/jobs.ts'
export type { ObservationOptions, OperationEvent } from '../client/operations.ts'
export type { Policy } from '../client/policy.ts'
export { COLLECTIONS, type Collection } from '../collections.ts'
export { StoreError, type StoreErrorCode } from '../errors.ts'
export type { Jsonable, JsonObject, JsonValue } from '../json-value.ts'
export type { LearnResult } from '../learning/agents/agent.ts'
export type { AgentDecisions, AgentExperiences, AgentValues } from '../learning/agents/agent-collections.ts'
export type { AgentStatus } from '../learning/agents/agent-status.ts'
export type { Agents } from '../learning/agents/agents.ts'
export type { Evidence, StateOfEvidence } from '../learning/agents/evidence.ts'
export type { ExplainOptions, Explanation } from '../learning/agents/explanation.ts'
export type { PlanOptions, PlanResult } from '../learning/agents/plan.ts'
export type { Alternative, Recommendation, RecommendOptions } from '../learning/agents/recommendation.ts'
export type { StoreCommit } from '../learning/commits.ts'
export type { Experience } from '../learning/core/experience.ts'
export type { ReplayOptions, ReplayResult } from '../learning/core/replay.ts'
export type { DecideOptions, DecideResult, DecisionRewardOptions } from '../learning/decisions/decision.ts'
export type {
  Decision,
  DecisionFilterOptions,
  DecisionStatus,
  Decisions,
  ListDecisionsOptions,
} from '../learning/decisions/decisions.ts'
export type { PolicyEvaluation } from '../learning/evaluation/evaluation.ts'
export type { EvaluationOptions } from '../learning/evaluation/evaluation-options.ts'
export type { AgentPolicy, TablePolicy, TargetPolicy } from '../learning/evaluation/target-policy.ts'
export type {
  ExecutionPattern,
  ExecutionRun,
  NewExecutionPattern,
} from '../learning/execution-patterns/execution-pattern.ts'
export type {
  ExecutionPatternFilterOptions,
  ExecutionPatterns,
} from '../learning/execution-patterns/execution-patterns.ts'
export type { TrackOptions } from '../learning/execution-patterns/execution-tracking.ts'
export type { PatternRecommendation } from '../learning/execution-patterns/recommended-patterns.ts'
export type { TaskContext } from '../learning/execution-patterns/task-context.ts'
export type { Execution } from '../learning/executions/execution.ts'
export type { LearnFromExecutionResult } from '../learning/executions/executions.ts'
export type { AgentStatistics } from '../learning/executions/statistics.ts'
export type { ExperienceFilterOptions } from '../learning/experiences/experience-filters.ts'
export type {
  Experiences,
  ListExperiencesOptions,
  RecordedExperience,
} from '../learning/experiences/experiences.ts'
export type { RewardHistoryOptions } from '../learning/experiences/reward-history.ts'
export type { NewFleet, NewFleetAgent, NewRegisteredAgent } from '../learning/fleet/agents.ts'
export type { CycleChanges, NewCycle } from '../learning/fleet/cycles.ts'
export type { Fleet as FleetApi } from '../learning/fleet/fleet.ts'
export type { NewGoal, NewGoalAction, NewGoalPlan } from '../learning/fleet/goals.ts'
export type { NewProposal, Proposals, Vote, VoteResult } from '../learning/fleet/proposals.ts'
export type { NewSession, Sessions } from '../learning/fleet/sessions.ts'
export type { NewTask, TaskChanges } from '../learning/fleet/tasks.ts'
export type { NewArtifact, NewEvent, NewFleetMetric } from '../learning/fleet/traces.ts'
export type { NewWorkflow } from '../learning/fleet/workflows.ts'
export type {
  LearningHistory,
  ListLearningHistoryOptions,
  NewLearningRecord,
} from '../learning/history/learning-history.ts'
export type {
  LearningMetric,
  LearningMetrics as LearningMetricsApi,
  ListLearningMetricsOptions,
  NewLearningMetric,
} from '../learning/history/learning-metrics.ts'
export type {
  ListMetricsOptions,
  Metrics,
  NewPerformanceMetrics,
  PerformanceMetrics,
} from '../learning/history/metrics.ts'
export type { ListPreferencesOptions, NewPreference, Preferences } from '../learning/history/preferences.ts'
export type { ListRowsOptions, QueryOptions } from '../learning/inspection/inspection.ts'
export type { Finding, VerifyResult } from '../learning/inspection/verification.ts'
export type { Latencies, Latency, SlowOperation } from '../learning/latencies.ts'
export type { ImportCount, SkippedRecord } from '../learning/maintenance/import-batch.ts'
export type { MergeResult } from '../learning/maintenance/merge.ts'
export type {
  PruneDecisionsOptions,
  PruneExperiencesOptions,
  PruneOptions,
  PruneResult,
  PruneRowsOptions,
} from '../learning/maintenance/pruning.ts'
export type { MemoryAccess, MemoryBlock, MemoryGrant, MemoryRevocation } from '../learning/memory/access.ts'
export type { CallerMemory } from '../learning/memory/caller-memory.ts'
export type { CrossSession, KeptValue, NewKeptValue } from '../learning/memory/cross-session.ts'
export type {
  MemoryAddress,
  MemoryEmbedding,
  MemoryEntry,
  MemoryLifetime,
  NewMemoryEntry,
} from '../learning/memory/entry.ts'
export type { ListMemoryOptions, MemoryFilterOptions } from '../learning/memory/listing.ts'
export type { Memory } from '../learning/memory/memory.ts'
export type { MemoryPruneResult } from '../learning/memory/prune.ts'
export type { MemoryHit, SearchMemoryOptions } from '../learning/memory/search.ts'
export type { NewHint, NewSwarmMetric, NewSwarmPattern } from '../learning/memory/swarm.ts'
export type { FailurePattern, Pattern } from '../learning/patterns/pattern.ts'
export type { ListFailuresOptions, ListPatternsOptions, Patterns } from '../learning/patterns/patterns.ts'
export type { Discovery, DiscoveryRule, StrategyUse, UsedStrategy } from '../learning/patterns/strategy-use.ts'
export type { Progress } from '../learning/progress.ts'
export type { Identified, NewRecord, PageOptions, Records } from '../learning/records/records.ts'
export type { StoredTestPattern } from '../learning/test-patterns/bank.ts'
export type { Embedder, Embedding } from '../learning/test-patterns/embeddings.ts'
export type { CrossProjectMapping, ListMappingsOptions, ShareOptions } from '../learning/test-patterns/mappings.ts'
export type {
  ListReportsOptions,
  ListSimilarPairsOptions,
  ListTestPatternsOptions,
  NearestOptions,
  NearPattern,
  PatternHit,
  SearchOptions,
  SimilarTestPattern,
} from '../learning/test-patterns/queries.ts'
export type { Snippet } from '../learning/test-patterns/search.ts'
export type { FindSimilarOptions } from '../learning/test-patterns/similarity.ts'
export type {
  NewTestPattern,
  PatternType,
  TestFramework,
  TestLanguage,
  TestPattern,
  TestPatternChanges,
  TestPatternFilterOptions,
  TestPatternMetadata,
} from '../learning/test-patterns/test-pattern.ts'
export type { TestPatterns } from '../learning/test-patterns/test-patterns.ts'
export type { TestPatternUse } from '../learning/test-patterns/usage.ts'
export type { ListValuesOptions, StateActionValue, StateValues, Values } from '../learning/values.ts'
export type { Vector } from '../learning/vectors.ts'
export type { PersistenceOptions } from '../open.ts'
export { encryptedStorage } from '../persistence/encryption/encrypted-storage.ts'
export type { EncryptionKey } from '../persistence/encryption/format.ts'
export type { RecordedCommit, RecordedValue } from '../persistence/log/record.ts'
export type { StoreMarker } from '../persistence/log/recovery.ts'
export { MemoryMedium, memoryStorage } from '../persistence/memory/memory-storage.ts'
export type { PersisterOptions } from '../persistence/persister.ts'
export { type BytesStorageOptions, bytesStorage } from '../persistence/snapshot-only/bytes-storage.ts'
export {
  type FromUnstorageOptions,
  fromUnstorage,
  type UnstorageLike,
} from '../persistence/snapshot-only/unstorage-storage.ts'
export type {
  Durability,
  LoglessStorageAdapter,
  OpenOptions,
  Persists,
  ReadOptions,
  ReadPosition,
  ReadState,
  Snapshot,
  SnapshotOnlyStorageAdapter,
  SnapshotVerdict,
  StorageAdapter,
  StoredState,
} from '../persistence/storage.ts'
export type { OperationContext, OperationPayload } from '../protocol/channel.ts'
export type { HostName, StoreStatus } from '../protocol/status.ts'
export type { DurabilityOf, LearningStoreOptions, StorageName } from '../runtime/options.ts'
export type { Rows, SqlValue } from '../sql/connection.ts'
export type { ResetAgentResult } from '../tables/agent-removal.ts'
export type {
  Goal,
  GoalAction,
  GoalPlan,
  OodaCycle,
  OodaPhase,
  Proposal,
  ProposalStatus,
  Workflow,
} from '../tables/coordination.ts'
export { DECISION_STATUSES, type DecisionCounts } from '../tables/decision-counts.ts'
export type { PatternsSummary } from '../tables/execution-patterns.ts'
export type { RewardBucket } from '../tables/experience-rewards.ts'
export type { Fleet, FleetAgent, FleetTask, RegisteredAgent, TaskStatus } from '../tables/fleet.ts'
export type { Artifact, Checkpoint, FleetEvent, FleetMetric, FleetSession } from '../tables/fleet-traces.ts'
export type { TableColumn, TableKind, TableSummary } from '../tables/inventory.ts'
export type { LearnerConfiguration } from '../tables/learner-configuration.ts'
export type { LearningRecord } from '../tables/learning-history.ts'
export type { LearningMetricType } from '../tables/learning-metrics.ts'
export type { MemoryTextColumn } from '../tables/memory-search.ts'
export type { Preference } from '../tables/preferences.ts'
export type { CollectionSize } from '../tables/sizes.ts'
export type { Hint, SwarmMetric, SwarmPattern } from '../tables/swarm.ts'
export type {
  BankNumbers,
  FrameworkStatistics,
  PatternAnalytics,
  PatternQuality,
} from '../tables/test-pattern-reports.ts'
export type { SimilarPair } from '../tables/test-pattern-similarities.ts'
export type { PatternStatistics, PatternTrend } from '../tables/test-pattern-stats.ts'
export type { TextColumn } from '../tables/test-pattern-text.ts'
export type { TestPatternUsage } from '../tables/test-pattern-usage.ts'
export type { ColumnMap } from '../transfer/csv/field-columns.ts'
export type {
  CompactResult,
  ExportedFile,
  ExportFormat,
  ExportOptions,
  ImportFormat,
  ImportOptions,
  ImportResult,
} from '../transfer/job.ts'

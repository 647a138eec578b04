import type { Core } from '../core/core.ts'
import { type AgentRegistry, agentRegistry, type FleetAgents, type Fleets, fleetAgents, fleets } from './agents.ts'
import { type Cycles, cycles } from './cycles.ts'
import { type GoalActions, type GoalPlans, type Goals, goalActions, goalPlans, goals } from './goals.ts'
import { Proposals } from './proposals.ts'
import { Sessions } from './sessions.ts'
import { type Tasks, tasks } from './tasks.ts'
import { type Artifacts, artifacts, type Events, events, type FleetMetrics, fleetMetrics } from './traces.ts'
import { type Workflows, workflows } from './workflows.ts'

/** Records of cooperating agents: fleets, tasks, sessions, events, votes, and goal-oriented plans. */
export class Fleet {
  /** Groups of cooperating agents. */
  readonly fleets: Fleets
  /** The agents of fleets. */
  readonly agents: FleetAgents
  /** Registered agents with their capabilities. */
  readonly registry: AgentRegistry
  /** The tasks of fleets with their status. */
  readonly tasks: Tasks
  /** Sessions of agents, with checkpoints to resume from. */
  readonly sessions: Sessions
  /** Events, latest first. */
  readonly events: Events
  /** Artifacts that agents produced, such as files. */
  readonly artifacts: Artifacts
  /** Measurements of fleets, agents and tasks. */
  readonly metrics: FleetMetrics
  /** Progress of workflows. */
  readonly workflows: Workflows
  /** Proposals that agents vote on. */
  readonly proposals: Proposals
  /** Goals: conditions to reach. */
  readonly goals: Goals
  /** Actions with preconditions, effects and costs. */
  readonly actions: GoalActions
  /** Plans: sequences of actions that reach a goal. */
  readonly plans: GoalPlans
  /** OODA cycles: observe, orient, decide, act. */
  readonly cycles: Cycles

  constructor(core: Core) {
    this.fleets = fleets(core)
    this.agents = fleetAgents(core)
    this.registry = agentRegistry(core)
    this.tasks = tasks(core)
    this.sessions = new Sessions(core)
    this.events = events(core)
    this.artifacts = artifacts(core)
    this.metrics = fleetMetrics(core)
    this.workflows = workflows(core)
    this.proposals = new Proposals(core)
    this.goals = goals(core)
    this.actions = goalActions(core)
    this.plans = goalPlans(core, this.actions)
    this.cycles = cycles(core)
  }
}

import type { Core } from './core.ts'
import { type Cycles, cycles } from './cycles.ts'
import {
  type AgentRegistry,
  agentRegistry,
  type FleetAgents,
  type Fleets,
  fleetAgents,
  fleets,
} from './fleet-agents.ts'
import { type Artifacts, artifacts, type Events, events, type FleetMetrics, fleetMetrics } from './fleet-traces.ts'
import { type GoalActions, type GoalPlans, type Goals, goalActions, goalPlans, goals } from './goals.ts'
import { Proposals } from './proposals.ts'
import { Sessions } from './sessions.ts'
import { type Tasks, tasks } from './tasks.ts'
import { type Workflows, workflows } from './workflows.ts'

/** The fleet: its agents and tasks, what they leave behind, and how they come to a decision. */
export class Fleet {
  readonly fleets: Fleets
  readonly agents: FleetAgents
  readonly registry: AgentRegistry
  readonly tasks: Tasks
  readonly sessions: Sessions
  readonly events: Events
  readonly artifacts: Artifacts
  readonly metrics: FleetMetrics
  readonly workflows: Workflows
  readonly proposals: Proposals
  readonly goals: Goals
  readonly actions: GoalActions
  readonly plans: GoalPlans
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

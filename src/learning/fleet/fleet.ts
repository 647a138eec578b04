import type { Core } from '../core/core.ts'
import { type AgentRegistry, agentRegistry, type FleetAgents, type Fleets, fleetAgents, fleets } from './agents.ts'
import { type Cycles, cycles } from './cycles.ts'
import { type GoalActions, type GoalPlans, type Goals, goalActions, goalPlans, goals } from './goals.ts'
import { Proposals } from './proposals.ts'
import { Sessions } from './sessions.ts'
import { type Tasks, tasks } from './tasks.ts'
import { type Artifacts, artifacts, type Events, events, type FleetMetrics, fleetMetrics } from './traces.ts'
import { type Workflows, workflows } from './workflows.ts'

/** The fleet: its agents and tasks, what they leave behind, and how they come to a decision. */
export class Fleet {
  /** Agents that work together. */
  readonly fleets: Fleets
  /** The agents of fleets. */
  readonly agents: FleetAgents
  /** Agents by what they are able to do. */
  readonly registry: AgentRegistry
  /** What is to do, and how far it is. */
  readonly tasks: Tasks
  /** What agents work in, with checkpoints to go on from. */
  readonly sessions: Sessions
  /** What happened. */
  readonly events: Events
  /** Files, say, that agents made. */
  readonly artifacts: Artifacts
  /** Measurements of fleets, agents and tasks. */
  readonly metrics: FleetMetrics
  /** How far workflows are. */
  readonly workflows: Workflows
  /** What agents vote on. */
  readonly proposals: Proposals
  /** States of the world to reach. */
  readonly goals: Goals
  /** What leads there, with what it takes. */
  readonly actions: GoalActions
  /** Actions in an order that reaches a goal. */
  readonly plans: GoalPlans
  /** Turns of observing, orienting, deciding and acting. */
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
